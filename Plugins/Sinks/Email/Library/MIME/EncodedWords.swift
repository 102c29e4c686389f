/// Header text beyond ASCII as encoded words (RFC 2047).
enum EncodedWords {
  /// Short enough to stand behind a field's name: a line with encoded words has at most 76 bytes (RFC 2047, section 2).
  private static let maximumWordBytes = 64
  private static let maximumPlainWordBytes = 64
  private static let prefix = "=?UTF-8?B?"
  private static let suffix = "?="
  /// Bytes of text that fit one word in base64.
  private static let maximumTextBytes = (maximumWordBytes - prefix.utf8.count - suffix.utf8.count) / 4 * 3

  /// Encoded words of a text, to be put behind each other with a space or a fold between, which readers take out again.
  ///
  /// Cut between characters as people see them where one fits a word, and between code points where it does not, as
  /// with a letter under fifty accents; never within a code point (RFC 2047, section 5).
  static func words(_ text: String) -> [String] {
    var pieces: [[UInt8]] = [[]]
    func add(_ bytes: some Collection<UInt8>) {
      if pieces[pieces.count - 1].count + bytes.count > maximumTextBytes { pieces.append([]) }
      pieces[pieces.count - 1] += bytes
    }
    for character in text {
      if character.utf8.count <= maximumTextBytes {
        add(character.utf8)
      } else {
        for scalar in character.unicodeScalars { add(Array(String(scalar).utf8)) }
      }
    }
    return pieces.filter { !$0.isEmpty }.map { prefix + Base64.text($0) + suffix }
  }

  /// Whether a text may stand in a header as it is: printable ASCII, nothing that reads as an encoded word, no space at
  /// an end or beside another, no word too long to be folded.
  static func isPlain(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !text.contains("=?") else { return false }
    return text.split(separator: " ", omittingEmptySubsequences: false)
      .allSatisfy { (1...maximumPlainWordBytes).contains($0.utf8.count) }
  }
}
