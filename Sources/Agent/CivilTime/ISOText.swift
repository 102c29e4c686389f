/// Reads ISO 8601 text byte by byte. Only the extended forms are known, with a four-digit year.
struct ISOScanner {
  /// Longer than any text that can be right.
  private static let longestText = 40

  private let bytes: [UInt8]
  private var position = 0
  private let text: String
  private let form: String

  /// `form` is what the error says was expected.
  init(_ text: some StringProtocol, form: String) throws(CivilTimeError) {
    bytes = Array(text.utf8.prefix(Self.longestText + 1))
    self.text = quoted(text)
    self.form = form
    guard bytes.count <= Self.longestText else { throw mismatch() }
  }

  func mismatch() -> CivilTimeError {
    CivilTimeError(.invalidText, "\(text) is not of the form \(form)")
  }

  /// Takes the byte if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(CivilTimeError) {
    guard take(character) else { throw mismatch() }
  }

  /// Takes exactly `count` digits.
  mutating func number(digits count: Int) throws(CivilTimeError) -> Int {
    var value = 0
    for _ in 0..<count {
      guard let digit = nextDigit() else { throw mismatch() }
      value = value * 10 + digit
    }
    return value
  }

  /// Takes one to nine digits after the point, as nanoseconds.
  mutating func fraction() throws(CivilTimeError) -> Int {
    var value = 0
    var scale = CivilTimeOfDay.nanosecondsPerSecond
    while let digit = nextDigit() {
      scale /= 10
      guard scale > 0 else { throw mismatch() }
      value += digit * scale
    }
    guard scale < CivilTimeOfDay.nanosecondsPerSecond else { throw mismatch() }
    return value
  }

  func expectEnd() throws(CivilTimeError) {
    guard position == bytes.count else { throw mismatch() }
  }

  private mutating func nextDigit() -> Int? {
    guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else { return nil }
    position += 1
    return Int(bytes[position - 1] - UInt8(ascii: "0"))
  }

  mutating func date() throws(CivilTimeError) -> CivilDate {
    let isNegative = take("-")
    let magnitude = try number(digits: 4)
    // ISO 8601 has one way to write the year 0, and a sign is not part of it.
    if isNegative, magnitude == 0 { throw mismatch() }
    try expect("-")
    let month = try number(digits: 2)
    try expect("-")
    let day = try number(digits: 2)
    return try CivilDate(year: isNegative ? -magnitude : magnitude, month: month, day: day)
  }

  mutating func timeOfDay() throws(CivilTimeError) -> CivilTimeOfDay {
    let hour = try number(digits: 2)
    try expect(":")
    let minute = try number(digits: 2)
    guard take(":") else { return try CivilTimeOfDay(hour: hour, minute: minute) }
    let second = try number(digits: 2)
    let nanosecond = take(".") ? try fraction() : 0
    return try CivilTimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
  }
}

extension CivilDate: LosslessISOText {
  /// Reads `YYYY-MM-DD`, with a leading `-` for years before 0.
  ///
  /// - Throws: `invalidText`, or `invalidField` naming the part that is outside what is allowed.
  public init(_ text: some StringProtocol) throws(CivilTimeError) {
    var scanner = try ISOScanner(text, form: "YYYY-MM-DD")
    self = try scanner.date()
    try scanner.expectEnd()
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    (year < 0 ? "-" : "") + padded(year.magnitude, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
  }
}

extension CivilTimeOfDay: LosslessISOText {
  /// Reads `HH:MM`, `HH:MM:SS` or `HH:MM:SS.f` with one to nine digits of fraction.
  ///
  /// - Throws: `invalidText`, or `invalidField` naming the part that is outside what is allowed.
  public init(_ text: some StringProtocol) throws(CivilTimeError) {
    var scanner = try ISOScanner(text, form: "HH:MM[:SS[.fraction]]")
    self = try scanner.timeOfDay()
    try scanner.expectEnd()
  }

  /// `HH:MM:SS`, with as many digits of fraction as are needed.
  public var description: String {
    let whole = padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2)
    guard nanosecond > 0 else { return whole }
    var digits = padded(nanosecond, 9)
    while digits.last == "0" { digits.removeLast() }
    return whole + "." + digits
  }
}

extension CivilDateTime: LosslessISOText {
  /// Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]]`. A zone designator (`Z`, `+02:00`) is refused: this is local time.
  ///
  /// - Throws: `invalidText`, or `invalidField` naming the part that is outside what is allowed.
  public init(_ text: some StringProtocol) throws(CivilTimeError) {
    var scanner = try ISOScanner(text, form: "YYYY-MM-DDTHH:MM[:SS[.fraction]]")
    let date = try scanner.date()
    try scanner.expect("T")
    let time = try scanner.timeOfDay()
    try scanner.expectEnd()
    self.init(date, time)
  }

  /// `YYYY-MM-DDTHH:MM:SS`, with as many digits of fraction as are needed.
  public var description: String { "\(date)T\(time)" }
}

private func padded(_ number: some BinaryInteger, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A value whose ISO 8601 text says all of it, and which is coded as that text.
public protocol LosslessISOText: Codable, CustomStringConvertible {
  /// Reads the text that `description` prints.
  init(_ text: some StringProtocol) throws(CivilTimeError)
}

extension LosslessISOText {
  /// Reads the value from its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
    }
  }

  /// Writes the value as its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
