public import PluginKit0

/// Reads fixed-width numbers, the way dates are written.
struct DigitScanner {
  private var rest: String.UTF8View.Iterator
  /// The byte that stands next; nil at the end.
  private(set) var next: UInt8?

  init(_ text: String) {
    rest = text.utf8.makeIterator()
    next = rest.next()
  }

  var atEnd: Bool { next == nil }

  private mutating func digit() -> Int? {
    guard let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
    next = rest.next()
    return Int(byte - UInt8(ascii: "0"))
  }

  /// Exactly so many digits, at most nine; nil when there are fewer.
  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<min(digits, 9) {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// As many digits as there are, at least one and at most `most`, which is at most nine.
  mutating func number(upTo most: Int) -> (value: Int, digits: Int)? {
    guard var value = digit() else { return nil }
    var count = 1
    while count < min(most, 9), let digit = digit() {
      value = value * 10 + digit
      count += 1
    }
    return (value, count)
  }

  /// Steps over one character; false, and nothing read, when another stands there.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let byte = next, UInt32(byte) == character.value else { return false }
    next = rest.next()
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
