/// The order of day, month and year in a date of numbers.
enum DateOrder: String, Sendable, CaseIterable {
  case dayMonthYear = "dmy"
  case monthDayYear = "mdy"
  case yearMonthDay = "ymd"

  /// The order in a pattern such as `dd.mm.yyyy`, `mm/dd/yyyy` or `dmy`.
  init?(pattern: String) {
    let letters = pattern.lowercased().filter(\.isLetter)
    let order = letters.reduce(into: "") { if $0.last != $1 { $0.append($1) } }
    self.init(rawValue: order)
  }
}

/// Reads the dates that tables have: ISO 8601 and the forms of vCard, `4.5.1990`, `5/4/1990`.
///
/// Points always separate day, month and year. Between strokes or dashes either may come first: which one, the order
/// says, or the numbers themselves (there is no 23rd month); else the date is ambiguous.
struct TableDate {
  /// Why a value gives no date; completes "Birthday: …".
  struct Failure: Error, Equatable {
    var reason: String
    /// It would be a date if the order were known.
    var isAmbiguous = false
  }

  var order: DateOrder?

  /// The date; nil for an empty value, and for the zeros that Outlook writes for one.
  func parse(_ text: String) throws(Failure) -> PartialDate? {
    let value = TextValue.singleLine(text)
    guard value.utf8.contains(where: { Byte.isDigit($0) && $0 != UInt8(ascii: "0") }) else {
      if value.isEmpty || value.utf8.contains(where: Byte.isDigit) { return nil }
      throw Self.notADate(value)
    }
    if let (year, month, day) = Self.standard(value) { return try make(year, month, day, value) }
    let date = Self.withoutTime(value)
    guard let parts = Self.parts(date) else {
      do { return try CardDate.parse(value, omittedYear: CardDate.omittedYear) } catch {
        throw Failure(reason: error.reason)
      }
    }
    return try resolve(parts, value)
  }

  /// The numbers of `1990-05-04`, as most tables have it.
  private static func standard(_ text: String) -> (year: Int, month: Int, day: Int)? {
    guard text.utf8.count == 10 else { return nil }
    var numbers = (0, 0, 0)
    for (index, byte) in text.utf8.enumerated() {
      if index == 4 || index == 7 {
        guard byte == Byte.dash else { return nil }
        continue
      }
      guard Byte.isDigit(byte) else { return nil }
      let digit = Int(byte - UInt8(ascii: "0"))
      switch index {
      case 0...3: numbers.0 = numbers.0 * 10 + digit
      case 5...6: numbers.1 = numbers.1 * 10 + digit
      default: numbers.2 = numbers.2 * 10 + digit
      }
    }
    return numbers
  }

  private static func notADate(_ value: String) -> Failure {
    Failure(reason: "is not a date: \(Excerpt.of(value)); write 1990-05-04, or --05-04 without the year")
  }

  /// Without ` 12:00:00 AM` or ` 00:00`.
  private static func withoutTime(_ value: String) -> String {
    guard let blank = value.firstIndex(of: " "), value[blank...].contains(":") else { return value }
    return String(value[..<blank])
  }

  private struct Parts {
    var numbers: [Int]
    var widths: [Int]
    var separator: Character
  }

  /// The numbers of `4.5.1990`, `04.05.` and `5/4/1990`; nil for every other form.
  private static func parts(_ text: String) -> Parts? {
    guard let separator = text.first(where: { !$0.isNumber }), "./-".contains(separator), text.first != separator else {
      return nil
    }
    var texts = text.split(separator: separator, omittingEmptySubsequences: false)
    if texts.last?.isEmpty == true, separator == "." { texts.removeLast() }
    guard 2...3 ~= texts.count, texts.allSatisfy({ 1...4 ~= $0.utf8.count && $0.utf8.allSatisfy(Byte.isDigit) }) else {
      return nil
    }
    return Parts(numbers: texts.compactMap { Int($0) }, widths: texts.map(\.utf8.count), separator: separator)
  }

  private func resolve(_ parts: Parts, _ value: String) throws(Failure) -> PartialDate {
    let numbers = parts.numbers
    if parts.widths[0] > 2 {
      guard numbers.count == 3, parts.widths[0] == 4 else { throw Self.notADate(value) }
      return try make(numbers[0], numbers[1], numbers[2], value)
    }
    var year: Int?
    if numbers.count == 3 {
      guard parts.widths[2] == 4 else {
        throw Failure(reason: "has a year of \(parts.widths[2]) digits: \(Excerpt.of(value)); write all four")
      }
      year = numbers[2]
    }
    let isDayFirst = try isDayFirst(numbers[0], numbers[1], parts.separator, value)
    return try make(year, numbers[isDayFirst ? 1 : 0], numbers[isDayFirst ? 0 : 1], value)
  }

  private func isDayFirst(_ first: Int, _ second: Int, _ separator: Character, _ value: String) throws(Failure) -> Bool
  {
    switch order {
    case .dayMonthYear?: return true
    case .monthDayYear?: return false
    case .yearMonthDay?: throw Failure(reason: "is not in the order year, month, day: \(Excerpt.of(value))")
    case nil: break
    }
    if separator == "." || first > 12 || first == second { return true }
    if second > 12 { return false }
    throw Failure(
      reason: "is ambiguous: \(Excerpt.of(value)); say --date-format dd/mm/yyyy or mm/dd/yyyy", isAmbiguous: true)
  }

  private func make(_ year: Int?, _ month: Int, _ day: Int, _ value: String) throws(Failure) -> PartialDate {
    let known = year.flatMap { $0 == 0 || $0 == CardDate.omittedYear ? nil : $0 }
    guard let date = PartialDate(year: known, month: month, day: day) else {
      throw Failure(reason: "is no day of the calendar: \(Excerpt.of(value))")
    }
    return date
  }
}
