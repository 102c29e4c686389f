/// Says which days of a month a rule names.
protocol DaySource: Sendable {
  /// The days of a month as bits: bit 0 is the first.
  func days(of month: CalendarMonth, _ steps: inout Steps) throws(RecurrenceFault) -> UInt32

  /// The first month from one on that may have days, by its index. It leaps over what an interval leaves out.
  func monthToTry(from index: Int) -> Int
}

/// Local times in ascending order.
protocol LocalSeries: Sendable {
  /// The first at a local time or after it.
  func first(from local: LocalTime, _ steps: inout Steps) throws(RecurrenceFault) -> LocalTime?
}
