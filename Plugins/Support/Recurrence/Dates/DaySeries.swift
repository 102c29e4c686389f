/// Each day of a source, at each of some times of day.
struct DaySeries: LocalSeries {
  let days: any DaySource
  /// Seconds of the day, ascending.
  let times: [Int]
  /// The first and the last that there may be.
  let lower: LocalTime
  var upper: LocalTime

  init(days: any DaySource, times: [Int], lower: LocalTime = RecurrenceLimits.first, upper: LocalTime) {
    self.days = days
    self.times = times
    self.lower = max(lower, RecurrenceLimits.first)
    self.upper = min(upper, RecurrenceLimits.last)
  }

  func first(from local: LocalTime, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    let from = max(local, lower)
    guard let firstTime = times.first, let start = CalendarMonth(day: from.day) else { return nil }
    var index = days.monthToTry(from: start.index)
    while let month = CalendarMonth(index: index), month.firstDay <= upper.day {
      try steps.take()
      for bit in SetBits(try days.days(of: month, &steps) & month.days(from: from.day)) {
        let day = month.firstDay + bit
        let time = day == from.day ? times.first { $0 >= from.second } : firstTime
        guard let time else { continue }
        let found = LocalTime(day: day, second: time)
        return found <= upper ? found : nil
      }
      index = days.monthToTry(from: index + 1)
    }
    return nil
  }

  /// The nth of the series; nil when it has fewer.
  func element(_ number: Int, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime? {
    guard !times.isEmpty, let start = CalendarMonth(day: lower.day) else { return nil }
    var left = number
    var index = days.monthToTry(from: start.index)
    while let month = CalendarMonth(index: index), month.firstDay <= upper.day {
      try steps.take()
      let here = try days.days(of: month, &steps) & month.days(from: lower.day)
      let all = here.nonzeroBitCount * times.count
      // The times before the start, on its own day.
      let early = here & month.days(through: lower.day) == 0 ? 0 : times.count { $0 < lower.second }
      if left <= all - early {
        let place = early + left - 1
        let bit = Array(SetBits(here))[place / times.count]
        let found = LocalTime(day: month.firstDay + bit, second: times[place % times.count])
        return found <= upper ? found : nil
      }
      left -= all - early
      index = days.monthToTry(from: index + 1)
    }
    return nil
  }
}
