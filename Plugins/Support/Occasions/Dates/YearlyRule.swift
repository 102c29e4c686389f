public import PluginKit0

/// A yearly occasion: the date it comes back on, the hour, how many days before it the events are, and which years ring.
///
/// Pure: what comes next depends on the cursor's time and key alone, never on the clock.
public struct YearlyRule: Sendable, Hashable {
  /// The leads there may be, in days.
  public static let leads = 0...366
  /// The most leads of one rule.
  public static let maxLeads = 10

  /// The date that comes back.
  public let date: YearlyDate
  /// When on the day.
  public let at: CivilTimeOfDay
  /// What becomes of 29 February.
  public let leapDay: LeapDayPolicy
  /// How many days before the occasion the events are, one for each: ascending, none twice.
  public let leadDays: [Int]
  /// The years that ring; nil: all.
  public let milestones: Milestones?

  /// A rule; a lead outside ``leads`` is brought to its nearest end.
  ///
  /// Milestones of a date whose year is unknown never ring: whoever makes the rule refuses them.
  public init(
    date: YearlyDate, at: CivilTimeOfDay, leapDay: LeapDayPolicy = .feb28, leadDays: [Int] = [0],
    milestones: Milestones? = nil
  ) {
    self.date = date
    self.at = at
    self.leapDay = leapDay
    let bounded = leadDays.map { min(max($0, Self.leads.lowerBound), Self.leads.upperBound) }
    self.leadDays = bounded.count > 1 ? Set(bounded).sorted() : bounded
    self.milestones = milestones
  }

  /// Emits what comes after a cursor until `emit` wants no more or the calendar ends: strictly ascending in time.
  ///
  /// Leads a year apart can fall on one day, such as the day itself and 365 days before the next. Then the occasion
  /// that is nearer is the one that is emitted.
  public func occurrences(after cursor: Cursor, emit: (Occurrence) -> Demand) {
    let past = Past(cursor, rule: self)
    var series = leadDays.map { LeadSeries(of: self, leadDays: $0, after: past) }
    var ordinal = cursor.ordinal
    while let next = Self.nearest(series) {
      for index in series.indices where series[index].head?.day == next.day { series[index].advance() }
      ordinal = ordinal == .max ? ordinal : ordinal + 1
      let occurrence = Occurrence(.civil(Civil(next.day, at)), ordinal: ordinal, key: next.key.description)
      guard emit(occurrence) == .more else { return }
    }
  }

  /// The first to come of all leads; the leads ascend, so that of equals the nearer occasion is found.
  private static func nearest(_ series: [LeadSeries]) -> LeadSeries.Head? {
    var nearest: LeadSeries.Head?
    for case let head? in series.lazy.map(\.head) {
      guard let found = nearest else {
        nearest = head
        continue
      }
      if head.day < found.day { nearest = head }
    }
    return nearest
  }

  /// The first year from a given one on that rings; nil when none does any more.
  func ringingYear(from year: Int) -> Int? {
    guard let first = date.year else { return milestones == nil ? year : nil }
    // The first date itself is the birth, and not a birthday.
    let years = max(year - first, 1)
    guard let milestones else { return first + years }
    return milestones.next(from: years).map { first + $0 }
  }
}

/// What a cursor says is past.
struct Past {
  private let civil: Civil
  private let isStart: Bool
  /// The day of the last event, by the rule as it is now; nil when the key does not tell.
  private let lastDay: CivilDate?
  /// The first day on which something can come.
  let firstDay: CivilDate

  init(_ cursor: Cursor, rule: YearlyRule) {
    civil = cursor.civil
    isStart = cursor.isStart
    lastDay = cursor.isStart ? nil : OccasionKey(cursor.key)?.eventDay(by: rule)
    firstDay = max(cursor.civil.date, lastDay ?? .min)
  }

  /// Whether an event is past. The fold is left out: which of two equal local times is meant is the host's to decide.
  func contains(_ day: CivilDate, _ at: CivilTimeOfDay) -> Bool {
    let (here, there) = ((day, at), (civil.date, civil.time))
    if isStart { return here < there }
    // The hour or the zone may have changed since the last one: the key knows what was celebrated.
    return here <= there || lastDay.map { day <= $0 } ?? false
  }
}

extension OccasionKey {
  /// The day of the event. Where the policy changed between 28 February and 1 March it is the day that the rule now
  /// has for that year, so that no year is celebrated twice.
  fileprivate func eventDay(by rule: YearlyRule) -> CivilDate? {
    var celebrated = date
    if rule.date.isLeapDay, date.standsForLeapDay {
      celebrated = rule.date.celebrated(in: date.year, leapDay: rule.leapDay) ?? date
    }
    return celebrated.adding(days: -leadDays)
  }
}

extension CivilDate {
  /// One of the days on which 29 February is celebrated.
  fileprivate var standsForLeapDay: Bool { (month == 2 && day >= 28) || (month == 3 && day == 1) }
}
