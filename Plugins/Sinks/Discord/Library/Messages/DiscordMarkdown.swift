/// Plain text for Discord: what it would take for Markdown, a mention or a time stands as it was written.
enum DiscordMarkdown {
  private static let special: Set<Character> = ["\\", "*", "_", "~", "`", "|", "<", ">", "[", "]", "@", ":"]
  /// At the beginning of a line these make a heading, a list or small print.
  private static let leading: Set<Character> = ["#", "-", "+"]

  /// Escapes text, but not addresses of web pages: a backslash would break them, and Discord leaves them alone.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var rest = text[...]
    var isLineStart = true
    while let character = rest.first {
      if character == "h", isWordStart(result), let end = linkEnd(rest) {
        result += rest[..<end]
        rest = rest[end...]
        isLineStart = false
        continue
      }
      if special.contains(character) || isLineStart && leading.contains(character) { result.append("\\") }
      result.append(character)
      if isLineStart, character.isNumber, let dot = numberEnd(rest) {
        // "1. x" would become a list that counts for itself.
        result += rest[rest.index(after: rest.startIndex)..<dot] + "\\."
        rest = rest[rest.index(after: dot)...]
        isLineStart = false
        continue
      }
      isLineStart = character.isNewline || isLineStart && character.isWhitespace
      rest = rest.dropFirst()
    }
    return result
  }

  private static func isWordStart(_ before: String) -> Bool {
    guard let last = before.last else { return true }
    return last.isWhitespace || last == "("
  }

  private static func linkEnd(_ text: Substring) -> Substring.Index? {
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
    let end = text.firstIndex { $0.isWhitespace || "<>\"`".contains($0) } ?? text.endIndex
    return end
  }

  /// The dot after the digits at the beginning of a line.
  private static func numberEnd(_ text: Substring) -> Substring.Index? {
    guard let end = text.firstIndex(where: { !$0.isNumber }), text[end] == "." else { return nil }
    return end
  }
}
