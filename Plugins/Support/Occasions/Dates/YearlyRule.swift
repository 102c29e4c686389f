public import PluginKit0

/// A yearly occasion: the date it comes back on, the hour, and how many days before it the event is.
///
/// Pure: what comes next depends on the cursor alone, never on the clock.
public struct YearlyRule: Sendable, Hashable {
  /// The leads there may be, in days.
  public static let leads = 0...366

  /// The date that comes back.
  public var date: YearlyDate
  /// When on the day.
  public var at: CivilTimeOfDay
  /// What becomes of 29 February.
  public var leapDay: LeapDayPolicy
  /// How many days before the occasion the event is.
  public var leadDays: Int

  /// A rule; a lead outside ``leads`` is brought to its nearest end.
  public init(date: YearlyDate, at: CivilTimeOfDay, leapDay: LeapDayPolicy = .feb28, leadDays: Int = 0) {
    self.date = date
    self.at = at
    self.leapDay = leapDay
    self.leadDays = min(max(leadDays, Self.leads.lowerBound), Self.leads.upperBound)
  }

  /// Emits what comes after a cursor, in order, until `emit` wants no more or the calendar ends.
  public func occurrences(after cursor: Cursor, emit: (Occurrence) -> Demand) {
    let last = cursor.isStart ? nil : OccasionKey(cursor.key)
    var ordinal = cursor.ordinal
    for year in firstYear(after: cursor, last: last)...CivilDate.years.upperBound {
      guard let (key, civil) = occasion(in: year), isAfter(civil, key, cursor, last) else { continue }
      ordinal = ordinal == .max ? ordinal : ordinal + 1
      guard emit(Occurrence(.civil(civil), ordinal: ordinal, key: key.description)) == .more else { return }
    }
  }

  /// The one occasion of a year, or nil: the day does not exist, or it is not after the first date itself, which
  /// is the birth and not a birthday.
  private func occasion(in year: Int) -> (OccasionKey, Civil)? {
    guard let celebrated = date.celebrated(in: year, leapDay: leapDay),
      let day = celebrated.adding(days: -leadDays), let key = OccasionKey(date: celebrated, leadDays: leadDays)
    else { return nil }
    if let first = date.year {
      guard let origin = CivilDate(year: first, month: date.month, day: date.day), day > origin else { return nil }
    }
    return (key, Civil(day, at))
  }

  /// A year with nothing before it that could count: a lead reaches at most 366 days ahead.
  private func firstYear(after cursor: Cursor, last: OccasionKey?) -> Int {
    let earliest = max(cursor.civil.date.year, last?.date.year ?? 0, (date.year ?? 0) + 1)
    return min(max(earliest, CivilDate.years.lowerBound), CivilDate.years.upperBound)
  }

  private func isAfter(_ civil: Civil, _ key: OccasionKey, _ cursor: Cursor, _ last: OccasionKey?) -> Bool {
    // The fold is left out: which of two equal local times is meant is the host's to decide.
    let here = (civil.date, civil.time)
    let there = (cursor.civil.date, cursor.civil.time)
    if cursor.isStart { return here >= there }
    guard here > there else { return false }
    // The hour or the zone may have changed since the last one: the key knows what was celebrated.
    guard let last else { return true }
    return isLater(key, than: last)
  }

  private func isLater(_ key: OccasionKey, than last: OccasionKey) -> Bool {
    if key.date == last.date { return key.leadDays < last.leadDays }
    if date.isLeapDay, key.date.year == last.date.year, last.date.standsForLeapDay {
      // The policy changed between 28 February and 1 March: this year's was celebrated.
      return key.leadDays < last.leadDays
    }
    return key.date > last.date
  }
}

extension CivilDate {
  /// One of the days on which 29 February is celebrated.
  fileprivate var standsForLeapDay: Bool { (month == 2 && day >= 28) || (month == 3 && day == 1) }
}
