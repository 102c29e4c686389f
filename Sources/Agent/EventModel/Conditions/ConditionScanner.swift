/// Takes a condition's text apart. Every step skips the white space before it.
struct ConditionScanner {
  private let characters: [Character]
  /// Characters read so far.
  private(set) var position = 0

  init(_ text: String) { characters = Array(text) }

  var isAtEnd: Bool { position >= characters.count }

  /// Whether a method's argument comes next.
  var isAtArgument: Bool {
    var copy = self
    return copy.take("(")
  }

  mutating func skipSpace() {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
  }

  /// Takes a sign.
  mutating func take(_ sign: String) -> Bool {
    skipSpace()
    let wanted = Array(sign)
    guard characters.count - position >= wanted.count,
      Array(characters[position..<position + wanted.count]) == wanted,
      // "!" is not the beginning of "!=".
      !(sign == "!" && position + 1 < characters.count && characters[position + 1] == "=")
    else { return false }
    position += wanted.count
    return true
  }

  /// Takes a word if it is this one.
  mutating func takeWord(_ wanted: String) -> Bool {
    let start = position
    if word() == wanted { return true }
    position = start
    return false
  }

  /// Takes a name: letters, digits, `_` and `-`, a letter first.
  mutating func word() -> String? {
    skipSpace()
    let start = position
    while position < characters.count, Self.isInWord(characters[position], first: position == start) { position += 1 }
    return position > start ? String(characters[start..<position]) : nil
  }

  /// Takes a text in double or single quotes; `\` keeps the meaning of a quote or of itself away.
  mutating func quoted() -> String? {
    skipSpace()
    guard position < characters.count, characters[position] == "\"" || characters[position] == "'" else { return nil }
    let start = position
    let quote = characters[position]
    var text = ""
    position += 1
    while position < characters.count {
      let character = characters[position]
      position += 1
      if character == quote { return text }
      if character == "\\", position < characters.count {
        text.append(characters[position])
        position += 1
      } else {
        text.append(character)
      }
    }
    position = start
    return nil
  }

  mutating func number() -> Double? {
    skipSpace()
    let start = position
    while position < characters.count, "+-.0123456789eE".contains(characters[position]) { position += 1 }
    if position > start, let number = Double(String(characters[start..<position])), number.isFinite { return number }
    position = start
    return nil
  }

  private static func isInWord(_ character: Character, first: Bool) -> Bool {
    guard character.isASCII else { return false }
    return character.isLetter || character == "_" || !first && (character.isNumber || character == "-")
  }
}
