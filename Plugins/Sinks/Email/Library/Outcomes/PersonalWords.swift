import SMTPTransport

/// What a server's words must not tell the ledger: servers repeat the address that they refuse, and what they say
/// outlives the erasing of the person.
struct PersonalWords: Sendable {
  private static let mask = "…"
  /// Shorter pieces count only when they are a whole word.
  private static let minimumBytes = 3

  private let words: Set<String>

  /// - Parameter others: names, and what else is nobody's business, such as a password.
  init(_ address: MailAddress, others: [String]) {
    var words: Set<String> = [address.localPart.lowercased()]
    words.formUnion(Self.pieces(address.localPart).filter { $0.utf8.count >= Self.minimumBytes })
    for domain in [address.domain, address.givenDomain] {
      words.insert(domain.lowercased())
      // Not the last, "org": it says nothing of a person.
      words.formUnion(Self.labels(domain).dropLast().filter { $0.utf8.count >= Self.minimumBytes })
    }
    for other in others { words.formUnion(Self.parts(other)) }
    self.words = words
  }

  /// A server's text without them: what a word of it might tell is masked as a whole. Printable ASCII remains.
  func masked(_ text: String, maximumBytes: Int) -> String {
    var output = ""
    var wasMasked = false
    for word in text.split(whereSeparator: \.isWhitespace) {
      let isMasked = tells(word)
      if isMasked, wasMasked { continue }
      wasMasked = isMasked
      let shown = isMasked ? Self.mask : String(word)
      guard output.utf8.count + 1 + shown.utf8.count <= maximumBytes else { break }
      output += (output.isEmpty ? "" : " ") + shown
    }
    return output
  }

  private func tells(_ word: Substring) -> Bool {
    // An address of whatever form, or something that is coded.
    guard word.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "%") })
    else { return true }
    let lowercase = word.lowercased()
    let pieces = Set(Self.pieces(lowercase))
    return words.contains { personal in
      personal.utf8.count >= Self.minimumBytes ? lowercase.contains(personal) : pieces.contains(personal)
    }
  }

  private static func labels(_ domain: String) -> [String] {
    domain.lowercased().split(separator: ".").map(String.init)
  }

  /// By white space; a name's or a secret's parts.
  private static func parts(_ text: String) -> [String] {
    text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private static func pieces(_ text: some StringProtocol) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}
