import PluginKit0

/// Where a mail's reader can end the mails with one click (RFC 8058). The link must say whom it is for, so it may have
/// `{{user.id}}` and `{{schedule.id}}`.
struct UnsubscribeLink: Sendable {
  /// The longest link, placeholders filled in: it cannot be folded, and a line has at most 998 bytes.
  private static let maximumBytes = 900
  private static let names = ["user.id", "schedule.id"]

  private enum Part: Sendable {
    case text(String)
    case name(String)
  }

  private let parts: [Part]

  /// - Throws: `invalid`, with what is allowed.
  init(_ template: String) throws(PluginError) {
    guard template.lowercased().hasPrefix("https://"), template.utf8.count <= Self.maximumBytes,
      template.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") })
    else {
      throw PluginError(.invalid, "must begin with https:// and have no space, <, > or character beyond ASCII")
    }
    var parts: [Part] = []
    var rest = template[...]
    while let open = Self.firstIndex(of: "{{", in: rest) {
      guard let close = Self.firstIndex(of: "}}", in: rest[open...]) else { throw Self.unknown }
      let name = String(rest[open..<close].dropFirst(2))
      guard Self.names.contains(name) else { throw Self.unknown }
      parts += [.text(String(rest[..<open])), .name(name)]
      rest = rest[close...].dropFirst(2)
    }
    self.parts = parts + [.text(String(rest))]
  }

  func url(for event: Event) throws(PluginError) -> String {
    let user = try event.user.object(named: "user")["id"]?.string ?? ""
    let url = parts.map { part in
      switch part {
      case .text(let text): text
      case .name("user.id"): Self.escaped(user)
      case .name: Self.escaped(event.scheduleID)
      }
    }.joined()
    guard url.utf8.count <= Self.maximumBytes else {
      throw PluginError(.invalid, "the link to unsubscribe has over \(Self.maximumBytes) bytes")
    }
    return url
  }

  private static let unknown = PluginError(.invalid, "may have {{user.id}} and {{schedule.id}}, and no other {{…}}")

  private static func firstIndex(of pair: String, in text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(pair) { return index }
      index = text.index(after: index)
    }
    return nil
  }

  /// Percent-encoded but for the unreserved characters (RFC 3986, section 2.3).
  private static func escaped(_ text: String) -> String {
    var output = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        output.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        output += byte < 0x10 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return output
  }
}
