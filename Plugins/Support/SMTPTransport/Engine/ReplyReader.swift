/// Puts a reply together from its lines (RFC 5321, section 4.2.1).
struct ReplyReader {
  /// A server that says more in one reply is taken for broken. A line may have 512 bytes (RFC 5321, section 4.5.3.1.5);
  /// the longest answers to EHLO have some forty.
  static let maximumReplyBytes = 65_536

  private var text: [UInt8] = []
  private var bytes = 0
  /// What the lines of the reply that is under way begin with, behind the code: a server's offers, after EHLO.
  private(set) var offers: Set<SMTPOffer> = []

  /// Whether the reply that is under way does not end.
  var isOverlong: Bool { bytes > Self.maximumReplyBytes }

  /// One line with its end. The reply when this was its last line.
  mutating func line(_ line: UnsafeRawBufferPointer) -> SMTPReply? {
    bytes += line.count
    guard line.count >= 4, let code = Self.code(line) else { return nil }
    let isLast = line[3] == UInt8(ascii: " ") || line.count == 5
    guard isLast || line[3] == UInt8(ascii: "-") else { return nil }
    let words = line.dropFirst(4)
    for offer in SMTPOffer.allCases where words.starts(with: offer.rawValue.utf8) { offers.insert(offer) }
    append(words)
    guard isLast else { return nil }
    defer {
      text = []
      bytes = 0
    }
    if text.last == 0x20 { text.removeLast() }
    return SMTPReply(code: code, text: String(decoding: text, as: UTF8.self))
  }

  /// Forgets the offers, before the next reply.
  mutating func forgetOffers() { offers = [] }

  /// Every run of bytes that are not to be seen becomes one space.
  private mutating func append(_ words: Slice<UnsafeRawBufferPointer>) {
    for byte in words.prefix(SMTPReply.maximumTextBytes) where text.count < SMTPReply.maximumTextBytes {
      if byte > 0x20, byte != 0x7F {
        text.append(byte)
      } else if text.last != 0x20, !text.isEmpty {
        text.append(0x20)
      }
    }
    if words.isEmpty || text.last != 0x20 { return }
    text.removeLast()
    if text.count < SMTPReply.maximumTextBytes { text.append(0x20) }
  }

  private static func code(_ line: UnsafeRawBufferPointer) -> Int? {
    var code = 0
    for byte in line.prefix(3) {
      guard (0x30...0x39).contains(byte) else { return nil }
      code = code * 10 + Int(byte - 0x30)
    }
    return code
  }
}

/// What matters of a server's offers. As libcurl reads them, which decides on them: in capital letters.
enum SMTPOffer: String, CaseIterable {
  case authentication = "AUTH "
  case utf8 = "SMTPUTF8"
}
