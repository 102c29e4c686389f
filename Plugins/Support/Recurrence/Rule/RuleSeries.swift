extension RecurrenceRule {
  /// The local times of a rule that is no finer than a day, from its start on. UNTIL is the caller's to keep, where it
  /// is an instant.
  ///
  /// A start that the rule does not name is not among them, and COUNT does not count it.
  func localSeries(start: LocalTime, _ steps: inout Steps) throws(RecurrenceFault) -> any LocalSeries {
    guard let days = RuleDays(self, startDay: start.day) else {
      throw RecurrenceFault("is finer than a day")
    }
    var upper = RecurrenceLimits.last
    if case .local(let last) = until { upper = min(upper, last) }
    var times = times(start: start)
    if frequency == .daily, !bySetPosition.isEmpty {
      // A day's set is its times.
      let places = Set(bySetPosition.map { $0 > 0 ? $0 - 1 : times.count + $0 }).sorted()
      times = places.filter { times.indices ~= $0 }.map { times[$0] }
    }
    var series = DaySeries(days: days, times: times, lower: start, upper: upper)
    guard frequency != .daily, !bySetPosition.isEmpty else {
      if let count, let last = try series.element(count, &steps) { series.upper = last }
      return series
    }
    var positioned = PositionedSeries(
      all: series, frequency: frequency, interval: interval, weeks: WeekNumbering(weekStart: weekStart),
      positions: bySetPosition.filter { abs($0) <= longestSet * times.count },
      isUniform: frequency == .weekly && byMonth.isEmpty, upper: series.upper)
    if let count, let last = try positioned.element(count, &steps) { positioned.upper = last }
    return positioned
  }

  /// How many days one interval may name. A position beyond is never reached, and not to be looked for.
  private var longestSet: Int {
    switch frequency {
    case .weekly: max(byDay.count, 1)
    case .monthly: 31
    default: 366
    }
  }

  /// Seconds of the day, ascending; what the rule leaves open is the start's.
  private func times(start: LocalTime) -> [Int] {
    let hours = byHour.isEmpty ? [start.second / 3_600] : byHour
    let minutes = byMinute.isEmpty ? [start.second / 60 % 60] : byMinute
    let seconds = bySecond.isEmpty ? [start.second % 60] : bySecond
    return hours.flatMap { hour in
      minutes.flatMap { minute in seconds.map { hour * 3_600 + minute * 60 + $0 } }
    }
  }
}
