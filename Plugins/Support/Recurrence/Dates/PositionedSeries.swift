/// The times that BYSETPOS picks from each week, month or year of a rule.
struct PositionedSeries: LocalSeries {
  /// What is picked from.
  let all: DaySeries
  let frequency: RecurrenceRule.Frequency
  /// How many periods apart those are that have anything.
  let interval: Int
  let weeks: WeekNumbering
  let positions: [Int]
  /// Whether each period has as much as any other: weeks without BYMONTH.
  let isUniform: Bool
  var upper: LocalTime

  /// A period, by the days that it begins and ends with.
  private struct Period {
    let first: Int
    let last: Int
  }

  func first(from local: LocalTime, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    let from = max(local, all.lower)
    return try walk(from: from, &steps) { set in
      for place in set.places {
        if let time = set.time(at: place, all.times), time >= from { return time }
      }
      return nil
    }
  }

  /// The nth of the series; nil when it has fewer.
  func element(_ number: Int, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    if isUniform { return try elementOfUniform(number, &steps) }
    var left = number
    return try walk(from: all.lower, &steps) { set in
      // Only the first period may begin before the start.
      if set.firstDay > all.lower.day, left > set.places.count {
        left -= set.places.count
        return nil
      }
      for place in set.places {
        guard let time = set.time(at: place, all.times), time >= all.lower else { continue }
        left -= 1
        if left == 0 { return time }
      }
      return nil
    }
  }

  /// The same where every period has as much: one division instead of a walk.
  private func elementOfUniform(_ number: Int, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    guard let first = period(with: all.lower.day), !all.times.isEmpty else { return nil }
    let begin = try set(of: first, &steps)
    let places = places(in: begin.size(all.times))
    guard !places.isEmpty else { return nil }
    let early = places.count { place in begin.time(at: place, all.times).map { $0 < all.lower } ?? false }
    let (periods, rest) = (early + number - 1).quotientAndRemainder(dividingBy: places.count)
    let day = first.first + periods * 7 * interval
    guard day <= upper.day else { return nil }
    let found = try set(of: Period(first: day, last: day + 6), &steps).time(at: places[rest], all.times)
    return found.flatMap { $0 <= upper ? $0 : nil }
  }

  /// What one period has, and which of it is picked.
  private struct PeriodSet {
    let firstDay: Int
    /// The first day of each month that it touches, and its days there.
    var months: [(firstDay: Int, days: UInt32)] = []
    /// Places in the order of time, from 0.
    var places: [Int] = []

    /// How many times it has.
    func size(_ times: [Int]) -> Int { months.reduce(0) { $0 + $1.days.nonzeroBitCount } * times.count }

    /// The time at a place.
    func time(at place: Int, _ times: [Int]) -> LocalTime? {
      var day = place / times.count
      for month in months {
        let count = month.days.nonzeroBitCount
        guard day >= count else {
          var days = month.days
          for _ in 0..<day { days &= days - 1 }
          return LocalTime(day: month.firstDay + days.trailingZeroBitCount, second: times[place % times.count])
        }
        day -= count
      }
      return nil
    }
  }

  /// Goes from period to period until one has what is looked for.
  private func walk(
    from local: LocalTime, _ steps: inout Steps, _ find: (PeriodSet) -> LocalTime?
  ) throws(RecurrenceFault) -> LocalTime? {
    guard !positions.isEmpty, !all.times.isEmpty else { return nil }
    var day = local.day
    // The places depend on the size of the set alone.
    var known: [Int: [Int]] = [:]
    while day <= upper.day, let period = period(with: day) {
      try steps.take()
      var set = try set(of: period, &steps)
      let size = set.size(all.times)
      if size > 0 {
        set.places = known[size] ?? places(in: size)
        known[size] = set.places
        if let found = find(set) { return found <= upper ? found : nil }
      }
      day = period.last + 1
    }
    return nil
  }

  private func places(in size: Int) -> [Int] {
    Set(positions.map { $0 > 0 ? $0 - 1 : size + $0 }.filter { 0..<size ~= $0 }).sorted()
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

  private func set(of period: Period, _ steps: inout Steps) throws(RecurrenceFault) -> PeriodSet {
    var set = PeriodSet(firstDay: period.first)
    var month = CalendarMonth(day: period.first)
    while let here = month, here.firstDay <= period.last {
      try steps.take()
      let days = try all.days.days(of: here, &steps) & here.days(from: period.first) & here.days(through: period.last)
      if days != 0 { set.months.append((here.firstDay, days)) }
      month = CalendarMonth(index: here.index + 1)
    }
    return set
  }
}
