import PluginKit0

/// The events of one lead, year by year.
struct LeadSeries {
  /// One event: its identity, and the day it is on.
  struct Head {
    let key: OccasionKey
    let day: CivilDate
  }

  private let rule: YearlyRule
  private let leadDays: Int
  /// The first date itself; nil when its year is unknown.
  private let origin: CivilDate?
  /// The next year to look at; nil when the series has ended.
  private var year: Int?
  /// What comes next; nil when nothing does any more.
  private(set) var head: Head?

  /// The series from the first event that is not past.
  init(of rule: YearlyRule, leadDays: Int, after past: Past) {
    self.rule = rule
    self.leadDays = leadDays
    origin = rule.date.year.flatMap { CivilDate(year: $0, month: rule.date.month, day: rule.date.day) }
    // What is celebrated lies a lead after its event. Beyond the calendar there is nothing.
    year = past.firstDay.adding(days: leadDays).flatMap { rule.ringingYear(from: $0.year) }
    repeat { advance() } while head.map { past.contains($0.day, rule.at) } ?? false
  }

  /// Moves to the next event. Ends with the calendar or the milestones, whichever ends first; each turn of the loop is
  /// a later year, so that it ends.
  mutating func advance() {
    head = nil
    while head == nil, let current = year, CivilDate.years ~= current {
      head = event(in: current)
      year = rule.ringingYear(from: current + 1)
    }
  }

  /// The event of a year; nil when the year does not have the day, when the event would be before the calendar begins,
  /// or when it would not be after the first date itself.
  private func event(in year: Int) -> Head? {
    guard let celebrated = rule.date.celebrated(in: year, leapDay: rule.leapDay),
      let day = celebrated.adding(days: -leadDays), let key = OccasionKey(date: celebrated, leadDays: leadDays)
    else { return nil }
    if let origin, day <= origin { return nil }
    return Head(key: key, day: day)
  }
}
