public import PluginKit0

/// A date that comes back every year: a birth date, a wedding day. Its year may be unknown.
public struct YearlyDate: Sendable, Hashable, CustomStringConvertible {
  /// How it is written, for messages.
  public static let forms = "a date that exists, as YYYY-MM-DD or --MM-DD"

  /// The year it was first, when known.
  public let year: Int?
  /// 1 to 12
  public let month: Int
  /// 1 to 31
  public let day: Int

  /// A date with its year.
  public init(_ date: CivilDate) {
    year = date.year
    month = date.month
    day = date.day
  }

  /// A date without a year, or nil for a day that no year has.
  public init?(month: Int, day: Int) {
    // 2000 is a leap year: 29 February exists when the year is unknown.
    guard CivilDate(year: 2000, month: month, day: day) != nil else { return nil }
    year = nil
    self.month = month
    self.day = day
  }

  /// Reads `YYYY-MM-DD`, or `--MM-DD` when the year is unknown (the forms of vCard 4, RFC 6350 section 4.3.1, with
  /// hyphens).
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    if scanner.skip("-") {
      guard scanner.skip("-"),
        let month = scanner.number(digits: 2), scanner.skip("-"), let day = scanner.number(digits: 2), scanner.atEnd
      else { return nil }
      self.init(month: month, day: day)
    } else {
      guard let date = CivilDate(text) else { return nil }
      self.init(date)
    }
  }

  /// Whether it is 29 February.
  public var isLeapDay: Bool { month == 2 && day == 29 }

  /// The day it is celebrated in a year, or nil when the policy leaves that year out.
  public func celebrated(in year: Int, leapDay policy: LeapDayPolicy) -> CivilDate? {
    if let date = CivilDate(year: year, month: month, day: day) { return date }
    guard isLeapDay else { return nil }
    switch policy {
    case .feb28: return CivilDate(year: year, month: 2, day: 28)
    case .mar1: return CivilDate(year: year, month: 3, day: 1)
    case .leapYearsOnly: return nil
    }
  }

  /// `YYYY-MM-DD` or `--MM-DD`
  public var description: String {
    if let year, let date = CivilDate(year: year, month: month, day: day) { return date.description }
    return "--\(twoDigits(month))-\(twoDigits(day))"
  }
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
