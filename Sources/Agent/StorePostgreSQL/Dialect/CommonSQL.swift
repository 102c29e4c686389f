/// The common SQL as PostgreSQL reads it. It is written so that both databases read it, but for three things: `user` is a
/// reserved word here, an index cannot be asked for by name, and the order of a join cannot be asked for by `CROSS JOIN`
/// with a condition.
enum CommonSQL {
  /// Rewrites one statement. What stands in quotes is left alone.
  static func postgres(_ sql: String) -> String {
    var output = ""
    output.reserveCapacity(sql.utf8.count + 16)
    var words = Words(sql)
    while let part = words.next() {
      switch part {
      case .other(let text): output += text
      case .word("user", let isMember): output += isMember ? "user" : "\"user\""
      case .word("INDEXED", _): words.skip(words: 2)
      case .word("CROSS", _): continue
      case .word(let word, _): output += word
      }
    }
    return output
  }

  private enum Part {
    /// `isMember`: it stands behind a dot, where every word is a name.
    case word(Substring, isMember: Bool)
    case other(Substring)
  }

  private struct Words {
    private var rest: Substring
    private var last: Character = " "

    init(_ sql: String) {
      rest = sql[...]
    }

    mutating func next() -> Part? {
      guard let first = rest.first else { return nil }
      let isMember = last == "."
      let part: Part
      if first == "'" || first == "\"" {
        let end = rest.dropFirst().firstIndex(of: first).map { rest.index(after: $0) } ?? rest.endIndex
        part = .other(rest[..<end])
        rest = rest[end...]
        last = first
        return part
      }
      if Self.isLetter(first) {
        let word = rest.prefix(while: Self.isLetter)
        part = .word(word, isMember: isMember)
        rest = rest[word.endIndex...]
        last = "a"
        return part
      }
      part = .other(rest.prefix(1))
      rest = rest.dropFirst()
      last = first
      return part
    }

    /// Passes over `BY name`.
    mutating func skip(words count: Int) {
      for _ in 0..<count {
        rest = rest.drop { !Self.isLetter($0) }
        rest = rest.drop(while: Self.isLetter)
      }
    }

    private static func isLetter(_ character: Character) -> Bool {
      character == "_" || character.isASCII && (character.isLetter || character.isNumber)
    }
  }
}
