/// One property of a card or calendar: `[group.]NAME *(;PARAMETER=value) : value` (RFC 6350 section 3.3, RFC 5545
/// section 3.1, which has no groups).
struct ContentLine: Equatable {
  /// Upper case; Apple's address book ties a label to a value by it (`item1.X-ABDATE`).
  var group: String?
  /// Upper case.
  var name: String
  /// Names upper case, values as they stand. vCard 2.1's bare ones (`;HOME`) carry the name TYPE,
  /// or ENCODING when the word is an encoding.
  var parameters: [Parameter]
  var value: ArraySlice<UInt8>

  struct Parameter: Equatable {
    var name: String
    var values: [String]
  }

  /// First value of the parameter.
  func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }?.values.first
  }

  /// All values of the parameter, upper case, wherever it stands.
  func parameterWords(_ name: String) -> [String] {
    parameters.filter { $0.name == name }.flatMap(\.values).map { $0.uppercased() }
  }

  /// The declared value type, upper case.
  var valueType: String? { parameter("VALUE")?.uppercased() }

  /// Rank among its like, 1 first: `PREF=1` of version 4, `TYPE=pref` of version 3, else last.
  var preference: Int {
    if let text = parameter("PREF"), let rank = Int(text), (1...100).contains(rank) { return rank }
    return parameterWords("TYPE").contains("PREF") ? 1 : 101
  }
}

extension ContentLine {
  /// What keeps a line from being read.
  enum Malformation: String, Error {
    case noColon = "no colon between name and value"
    case noName = "no property name"
    case badName = "the property name has characters other than letters, digits and -"
    case badParameter = "a parameter is not NAME=value"
    case openQuote = "a quoted parameter value does not end"
    case tooManyParameters = "too many parameters"
    case notUTF8 = "a parameter is not valid UTF-8"
  }

  /// Reads an unfolded line.
  init(_ bytes: [UInt8]) throws(Malformation) {
    var scanner = ContentLineScanner(bytes: bytes)
    self = try scanner.scan()
  }
}

private struct ContentLineScanner {
  private static let encodings: Set<String> = ["QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"]
  let bytes: [UInt8]
  var index = 0

  mutating func scan() throws(ContentLine.Malformation) -> ContentLine {
    guard bytes.contains(Byte.colon) else { throw .noColon }
    let (group, name) = try scanName()
    var parameters: [ContentLine.Parameter] = []
    while try next() == Byte.semicolon {
      index += 1
      guard parameters.count < ContentLineLimits.maxParameters else { throw .tooManyParameters }
      // Some exporters leave an empty parameter behind (`TEL;:…`).
      let following = try next()
      if following == Byte.colon || following == Byte.semicolon { continue }
      parameters.append(try scanParameter())
    }
    guard try next() == Byte.colon else { throw .badParameter }
    return ContentLine(group: group, name: name, parameters: parameters, value: bytes[(index + 1)...])
  }

  private func next() throws(ContentLine.Malformation) -> UInt8 {
    guard index < bytes.count else { throw .noColon }
    return bytes[index]
  }

  private mutating func scanName() throws(ContentLine.Malformation) -> (group: String?, name: String) {
    let whole = scanWord { $0 == Byte.dash || $0 == Byte.underscore || $0 == Byte.dot }
    let following = try next()
    guard following == Byte.colon || following == Byte.semicolon else { throw .badName }
    guard let name = whole.split(separator: ".", omittingEmptySubsequences: false).last, !name.isEmpty else {
      throw .noName
    }
    let group = whole.dropLast(name.count + 1)
    return (group.isEmpty ? nil : String(group), String(name))
  }

  /// Letters, digits and what `extra` allows, upper case.
  private mutating func scanWord(_ extra: (UInt8) -> Bool) -> String {
    let start = index
    while index < bytes.count, Byte.isLetter(bytes[index]) || Byte.isDigit(bytes[index]) || extra(bytes[index]) {
      index += 1
    }
    return String(decoding: bytes[start..<index].map(Byte.uppercased), as: UTF8.self)
  }

  private mutating func scanParameter() throws(ContentLine.Malformation) -> ContentLine.Parameter {
    let word = scanWord { $0 == Byte.dash || $0 == Byte.underscore }
    guard !word.isEmpty else { throw .badParameter }
    guard try next() == Byte.equals else {
      return .init(name: Self.encodings.contains(word) ? "ENCODING" : "TYPE", values: [word])
    }
    var values: [String] = []
    repeat {
      index += 1
      values.append(try scanParameterValue())
    } while try next() == Byte.comma
    return .init(name: word, values: values)
  }

  private mutating func scanParameterValue() throws(ContentLine.Malformation) -> String {
    let isQuoted = try next() == Byte.quote
    if isQuoted { index += 1 }
    let start = index
    while index < bytes.count, !endsParameterValue(bytes[index], isQuoted: isQuoted) { index += 1 }
    guard let text = String(validating: bytes[start..<index], as: UTF8.self) else { throw .notUTF8 }
    if isQuoted {
      guard index < bytes.count else { throw .openQuote }
      index += 1
    }
    return ParameterText.decode(text)
  }

  private func endsParameterValue(_ byte: UInt8, isQuoted: Bool) -> Bool {
    isQuoted ? byte == Byte.quote : byte == Byte.comma || byte == Byte.semicolon || byte == Byte.colon
  }
}

/// Parameter values carry what they must not hold as `^n`, `^'` and `^^` (RFC 6868).
enum ParameterText {
  static func decode(_ text: String) -> String {
    guard text.utf8.contains(Byte.caret) else { return text }
    var result = ""
    var isEscaped = false
    for character in text {
      guard isEscaped else {
        if character == "^" { isEscaped = true } else { result.append(character) }
        continue
      }
      isEscaped = false
      switch character {
      case "n": result.append("\n")
      case "'": result.append("\"")
      case "^": result.append("^")
      // Section 3.2: an unknown pair stays as it is.
      default: result += "^\(character)"
      }
    }
    return isEscaped ? result + "^" : result
  }
}
