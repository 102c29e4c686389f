public import PluginKit0

/// Reads fixed-width numbers, the way dates are written.
struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ bytes: Substring.UTF8View) { rest = bytes }

  init(_ text: String) { rest = text[...].utf8 }

  var atEnd: Bool { rest.isEmpty }

  var next: UInt8? { rest.first }

  /// Exactly so many digits; nil, and nothing read, when there are fewer.
  mutating func number(digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    var value = 0
    for byte in rest.prefix(digits) {
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(digits)
    return value
  }

  /// As many digits as there are, at most `most`, at least one.
  mutating func number(upTo most: Int) -> (value: Int, digits: Int)? {
    let run = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
    guard 1...most ~= run, let value = number(digits: run) else { return nil }
    return (value, run)
  }

  /// Steps over one character; false, and nothing read, when another stands there.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let byte = rest.first, UInt32(byte) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// `YYYY-MM-DD`
  mutating func date() -> CivilDate? {
    guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
      let day = number(digits: 2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `HH:MM`, with `:SS` when it follows.
  mutating func timeOfDay() -> CivilTimeOfDay? {
    guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2) else { return nil }
    guard skip(":") else { return CivilTimeOfDay(hour: hour, minute: minute) }
    return number(digits: 2).flatMap { CivilTimeOfDay(hour: hour, minute: minute, second: $0) }
  }
}

extension CivilDate {
  /// Reads `YYYY-MM-DD`, and nothing else.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let date = scanner.date(), scanner.atEnd else { return nil }
    self = date
  }
}

extension CivilTimeOfDay {
  /// Reads `HH:MM` or `HH:MM:SS`, and nothing else.
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let time = scanner.timeOfDay(), scanner.atEnd else { return nil }
    self = time
  }
}
