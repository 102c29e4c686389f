import PluginKit0

/// Dates in headers (RFC 5322, section 3.3).
enum MailDate {
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let secondsPerDay: Int64 = 86_400
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// In UTC: `Sat, 21 Nov 2026 08:00:00 +0000`.
  ///
  /// - Throws: `invalid` for an instant outside the years 1900 to 9999, which no mail may have.
  static func text(nanoseconds: Int64) throws(PluginError) -> String {
    let seconds = floorQuotient(nanoseconds, nanosecondsPerSecond)
    let day = floorQuotient(seconds, secondsPerDay)
    let time = Int(seconds - day * secondsPerDay)
    guard let epoch = CivilDate(year: 1970, month: 1, day: 1),
      let date = CivilDate(dayNumber: epoch.dayNumber + Int(day)), date.year >= 1900
    else { throw PluginError(.invalid, "the event's time cannot be a mail's date") }
    // 1970-01-01 was a Thursday.
    let weekday = Int(day - floorQuotient(day + 3, 7) * 7 + 3)
    return "\(days[weekday]), \(date.day) \(months[date.month - 1]) \(date.year) "
      + "\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60)) +0000"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func floorQuotient(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : (number + 1) / divisor - 1
  }
}
