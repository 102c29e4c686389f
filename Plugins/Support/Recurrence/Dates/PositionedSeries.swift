/// The times that BYSETPOS picks from each week, month or year of a rule.
struct PositionedSeries: LocalSeries {
  /// What is picked from.
  let all: DaySeries
  let frequency: RecurrenceRule.Frequency
  /// How many periods apart those are that have anything.
  let interval: Int
  let weeks: WeekNumbering
  let positions: [Int]
  var upper: LocalTime

  /// A period, by the days that it begins and ends with.
  private struct Period {
    let first: Int
    let last: Int
  }

  func first(from local: LocalTime, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    let from = max(local, all.lower)
    return try walk(from: from, &steps) { picked in picked.first { $0 >= from } }
  }

  /// The nth of the series; nil when it has fewer.
  func element(_ number: Int, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    var left = number
    return try walk(from: all.lower, &steps) { picked in
      let counted = picked.filter { $0 >= all.lower }
      if left <= counted.count { return counted[left - 1] }
      left -= counted.count
      return nil
    }
  }

  /// Goes from period to period until one has what is looked for.
  private func walk(
    from local: LocalTime, _ steps: inout Steps, _ find: ([LocalTime]) -> LocalTime?
  ) throws(RecurrenceFault) -> LocalTime? {
    guard !positions.isEmpty else { return nil }
    var day = local.day
    while day <= upper.day, let period = period(with: day) {
      try steps.take()
      if let found = find(try picked(from: period, &steps)) { return found <= upper ? found : nil }
      day = period.last + 1
    }
    return nil
  }

  private func period(with day: Int) -> Period? {
    switch frequency {
    case .weekly:
      // From the first week on, only each so-manieth has anything.
      let start = weeks.firstDay(ofWeekWith: all.lower.day)
      let week = (weeks.firstDay(ofWeekWith: day) - start) / 7
      let first = start + (week + (-week).modulo(interval)) * 7
      return Period(first: first, last: first + 6)
    case .monthly:
      guard let month = CalendarMonth(day: day).flatMap({ CalendarMonth(index: all.days.monthToTry(from: $0.index)) })
      else { return nil }
      return Period(first: month.firstDay, last: month.firstDay + month.length - 1)
    default:
      guard let month = CalendarMonth(day: day) else { return nil }
      let year = all.days.monthToTry(from: month.index).floorDivided(by: 12)
      guard let first = CalendarMonth(index: year * 12), let last = CalendarMonth(index: year * 12 + 11) else {
        return nil
      }
      return Period(first: first.firstDay, last: last.firstDay + last.length - 1)
    }
  }

  private func picked(from period: Period, _ steps: inout Steps) throws(RecurrenceFault) -> [LocalTime] {
    var days: [Int] = []
    var month = CalendarMonth(day: period.first)
    while let here = month, here.firstDay <= period.last {
      try steps.take()
      let bits = try all.days.days(of: here, &steps) & here.days(from: period.first) & here.days(through: period.last)
      for bit in SetBits(bits) { days.append(here.firstDay + bit) }
      month = CalendarMonth(index: here.index + 1)
    }
    let size = days.count * all.times.count
    let places = positions.map { $0 > 0 ? $0 - 1 : size + $0 }.filter { 0..<size ~= $0 }
    return Set(places).sorted().map { place in
      LocalTime(day: days[place / all.times.count], second: all.times[place % all.times.count])
    }
  }
}
