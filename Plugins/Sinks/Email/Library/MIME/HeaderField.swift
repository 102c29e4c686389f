import PluginKit0
import SMTPTransport

/// A header field, folded and safe.
struct HeaderField {
  /// Lines are folded where they can be before they get longer (RFC 5322, section 2.1.1; RFC 2047, section 2).
  private static let foldingBytes = 76
  /// No line may be longer.
  private static let maximumLineBytes = 998

  /// The field's lines with CRLF.
  let text: String

  /// A field of words with a space or a fold between them.
  private init(_ name: String, words: [String]) {
    var text = name + ":"
    var width = text.utf8.count
    for word in words {
      if width + 1 + word.utf8.count > Self.foldingBytes, width > name.utf8.count + 1 {
        text += "\r\n"
        width = 0
      }
      text += " " + word
      width += 1 + word.utf8.count
    }
    self.text = text + "\r\n"
  }

  /// A field whose value is ASCII that must not be changed, such as `Date` or a URL.
  ///
  /// - Throws: `invalid` for a value with anything but printable ASCII, or too long for a line.
  init(_ name: String, token value: String) throws(PluginError) {
    guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
      name.utf8.count + 2 + value.utf8.count <= Self.maximumLineBytes
    else { throw PluginError(.invalid, "the header \(name) has a character beyond printable ASCII, or is too long") }
    text = name + ": " + value + "\r\n"
  }

  /// A field of text that people read, such as `Subject`.
  ///
  /// - Throws: `invalid` for a text with CR, LF or NUL.
  init(_ name: String, text: String) throws(PluginError) {
    let safe = try Self.oneLine(text, name)
    self.init(
      name,
      words: EncodedWords.isPlain(safe) ? safe.split(separator: " ").map(String.init) : EncodedWords.words(safe))
  }

  /// A field with a mailbox, such as `From`.
  ///
  /// - Throws: `invalid` for a name with CR, LF or NUL.
  init(_ name: String, mailbox: Mailbox) throws(PluginError) {
    guard !mailbox.name.isEmpty else {
      self.init(name, words: [mailbox.address.text])
      return
    }
    let safe = try Self.oneLine(mailbox.name, name)
    let words: [String]
    if !EncodedWords.isPlain(safe) {
      words = EncodedWords.words(safe)
    } else if safe.utf8.allSatisfy(Self.isPhraseByte) {
      words = safe.split(separator: " ").map(String.init)
    } else {
      words = Self.quoted(safe).split(separator: " ").map(String.init)
    }
    self.init(name, words: words + ["<\(mailbox.address.text)>"])
  }

  /// Refuses what would begin another field; other control characters become spaces, since some readers stop there.
  private static func oneLine(_ text: String, _ name: String) throws(PluginError) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch (scalar, scalar.properties.generalCategory) {
      case ("\0", _), ("\r", _), ("\n", _):
        throw PluginError(.invalid, "the header \(name) would have a CR, LF or NUL")
      case (_, .control), (_, .lineSeparator), (_, .paragraphSeparator): output.append(" ")
      default: output.append(scalar)
      }
    }
    return String(output)
  }

  /// Letters, digits and spaces, and `atext` (RFC 5322, section 3.2.3) without the signs that no name has.
  private static func isPhraseByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "'"):
      true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var output = "\""
    for character in text {
      if character == "\"" || character == "\\" { output += "\\" }
      output.append(character)
    }
    return output + "\""
  }
}
