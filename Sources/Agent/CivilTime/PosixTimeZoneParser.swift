/// Reads a footer such as `CET-1CEST,M3.5.0,M10.5.0/3` or `<+03>-3`.
struct PosixTimeZoneParser {
  /// Far longer than any rule in use.
  static let longestText = 256
  private static let longestName = 32
  private static let defaultChangeSeconds = 2 * 3600
  private static let largestOffsetHours = 24
  /// RFC 9636 section 3.3.1 widens POSIX's 0...24.
  private static let largestChangeHours = 167

  private let bytes: [UInt8]
  private var position = 0

  static func parse(_ text: [UInt8]) throws(CivilTimeError) -> PosixTimeZone {
    guard text.count <= longestText else {
      throw CivilTimeError(.malformedFooter, "the footer has \(text.count) bytes, more than \(longestText)")
    }
    var parser = PosixTimeZoneParser(bytes: text)
    return try parser.rule()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func rule() throws(CivilTimeError) -> PosixTimeZone {
    let standard = try localTimeType(isDaylightSaving: false, defaultOffset: nil)
    guard position < bytes.count else { return PosixTimeZone(standard: standard, daylight: nil) }
    let type = try localTimeType(isDaylightSaving: true, defaultOffset: Int(standard.offsetSeconds) + 3600)
    try expect(",")
    let start = try change()
    try expect(",")
    let end = try change()
    guard position == bytes.count else { throw failure("the end") }
    return PosixTimeZone(standard: standard, daylight: .init(type: type, start: start, end: end))
  }

  /// A name and an offset. POSIX counts offsets west of UTC; everything else counts east.
  private mutating func localTimeType(
    isDaylightSaving: Bool, defaultOffset: Int?
  ) throws(CivilTimeError) -> LocalTimeType {
    let name = try abbreviation()
    let atOffset = next.map { $0 != UInt8(ascii: ",") } ?? false
    let offset: Int
    if let defaultOffset, !atOffset {
      offset = defaultOffset
    } else {
      offset = -(try signedTime(largestHours: Self.largestOffsetHours))
    }
    return LocalTimeType(offsetSeconds: Int32(offset), isDaylightSaving: isDaylightSaving, abbreviation: name)
  }

  private mutating func abbreviation() throws(CivilTimeError) -> String {
    let isQuoted = take("<")
    let start = position
    while let byte = next, isLetter(byte) || (isQuoted && (isDigit(byte) || "+-".utf8.contains(byte))) { position += 1 }
    let name = bytes[start..<position]
    guard (3...Self.longestName).contains(name.count) else {
      throw failure("an abbreviation of 3 to \(Self.longestName) letters")
    }
    if isQuoted { try expect(">") }
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func change() throws(CivilTimeError) -> PosixTimeZone.Change {
    let day = try day()
    let time = take("/") ? try signedTime(largestHours: Self.largestChangeHours) : Self.defaultChangeSeconds
    return .init(day: day, timeSeconds: time)
  }

  private mutating func day() throws(CivilTimeError) -> PosixTimeZone.Day {
    if take("J") { return .dayWithoutLeapDay(try number(in: 1...365, "a day 1 to 365")) }
    guard take("M") else { return .zeroBasedDay(try number(in: 0...365, "a day 0 to 365")) }
    let month = try number(in: 1...12, "a month 1 to 12")
    try expect(".")
    let week = try number(in: 1...5, "a week 1 to 5")
    try expect(".")
    return .weekdayOfMonth(month: month, week: week, weekday: try number(in: 0...6, "a weekday 0 to 6"))
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func signedTime(largestHours: Int) throws(CivilTimeError) -> Int {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    var seconds = 3600 * (try number(in: 0...largestHours, "hours 0 to \(largestHours)"))
    if take(":") {
      seconds += 60 * (try number(in: 0...59, "minutes 0 to 59"))
      if take(":") { seconds += try number(in: 0...59, "seconds 0 to 59") }
    }
    guard seconds <= largestHours * 3600 else { throw failure("a time of at most \(largestHours) hours") }
    return isNegative ? -seconds : seconds
  }

  private mutating func number(in range: ClosedRange<Int>, _ what: String) throws(CivilTimeError) -> Int {
    let mostDigits = 3
    let start = position
    var value = 0
    while let byte = next, isDigit(byte), position - start < mostDigits {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    guard position > start, range.contains(value) else { throw failure(what) }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(CivilTimeError) {
    guard take(character) else { throw failure("'\(character)'") }
  }

  private func failure(_ expected: String) -> CivilTimeError {
    let text = quoted(String(decoding: bytes, as: UTF8.self))
    return CivilTimeError(.malformedFooter, "footer \(text): expected \(expected) at byte \(position)")
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}
