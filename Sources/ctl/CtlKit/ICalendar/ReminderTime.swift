/// A time of a calendar with its zone.
struct ReminderTime: Hashable {
  var time: CalendarTime
  /// IANA name; nil: floating, a date, or UTC.
  var zone: String?

  init(_ time: CalendarTime, zone: String?) {
    self.time = time
    self.zone = time.isUTC || time.isDate ? nil : zone
  }

  /// How it stands in the definition of a series that begins at `anchor`: in the anchor's own form where it names a day
  /// or a local time of the series.
  func text(beside anchor: ReminderTime) -> String {
    if anchor.time.isDate { return time.date }
    if time.isDate {
      // A day of a timed series is the occurrence on that day.
      return CalendarTime(day: time.day, second: anchor.time.second, isUTC: anchor.time.isUTC).text
    }
    if let zone, zone != anchor.zone { return "\(time.text)[\(zone)]" }
    return time.text
  }

  /// Seconds since 1970. A floating time counts as UTC; a time that clocks skip is read with the offset before it.
  var instant: Int64 {
    guard let zone, let clock = try? ZoneClock(named: zone) else { return time.seconds }
    let first = time.seconds - clock.offsetSeconds(milliseconds: time.seconds * 1_000)
    let second = time.seconds - clock.offsetSeconds(milliseconds: first * 1_000)
    return second
  }
}
