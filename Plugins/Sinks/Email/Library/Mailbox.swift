import PluginKit0
import SMTPTransport

/// An address, and the name of whom it belongs to.
struct Mailbox: Sendable, Hashable {
  /// May be empty.
  var name: String
  var address: MailAddress

  init(name: String = "", address: MailAddress) {
    self.name = name
    self.address = address
  }

  /// Reads `bells@example.org`, `Carillon <bells@example.org>` or `"Bells, Inc." <bells@example.org>`.
  ///
  /// - Throws: `invalidAddress`.
  init(_ text: String) throws(SMTPError) {
    // Also at the ends of a name, where white space does not count.
    guard !text.unicodeScalars.contains(where: { $0 == "\r" || $0 == "\n" || $0 == "\0" }) else {
      throw SMTPError(.invalidAddress, "the address has a line break or a NUL")
    }
    guard text.hasSuffix(">"), let open = text.unicodeScalars.lastIndex(of: "<") else {
      self.init(address: try MailAddress(text))
      return
    }
    let scalars = text.unicodeScalars
    let inner = String(scalars[scalars.index(after: open)...].dropLast())
    self.init(name: try Self.name(String(scalars[..<open])), address: try MailAddress(inner))
  }

  private static func name(_ text: String) throws(SMTPError) -> String {
    let trimmed = text.trimmed
    guard trimmed.hasPrefix("\"") else {
      guard !trimmed.contains(where: { "\"<>\\".contains($0) }) else { throw invalid }
      return trimmed
    }
    guard trimmed.count >= 2, trimmed.hasSuffix("\"") else { throw invalid }
    var output = ""
    var isEscaped = false
    for character in trimmed.dropFirst().dropLast() {
      if !isEscaped, character == "\\" {
        isEscaped = true
        continue
      }
      guard isEscaped || character != "\"" else { throw invalid }
      output.append(character)
      isEscaped = false
    }
    guard !isEscaped else { throw invalid }
    return output
  }

  private static let invalid = SMTPError(
    .invalidAddress, #"a name with special characters stands in quotation marks: "Bells, Inc." <bells@example.org>"#)
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
