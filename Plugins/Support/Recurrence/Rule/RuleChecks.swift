extension RecurrenceRule {
  /// Refuses parts that do not go together: by RFC 5545 section 3.3.10, or because following them has no bound.
  func checkCombinations() throws(RecurrenceFault) {
    if count != nil, until != nil { throw RecurrenceFault("has COUNT and UNTIL; one of them may be there") }
    if frequency.isSubDaily { try checkSubDaily() } else { try checkDates() }
    try checkTimes()
  }

  private var partsPresent: [(name: String, isPresent: Bool)] {
    [
      ("BYMONTH", !byMonth.isEmpty), ("BYWEEKNO", !byWeekNumber.isEmpty), ("BYYEARDAY", !byYearDay.isEmpty),
      ("BYMONTHDAY", !byMonthDay.isEmpty), ("BYDAY", !byDay.isEmpty), ("BYSETPOS", !bySetPosition.isEmpty),
    ]
  }

  private func checkSubDaily() throws(RecurrenceFault) {
    for part in partsPresent where part.isPresent {
      throw RecurrenceFault(
        "has \(part.name) with FREQ=\(frequency.rawValue), which is not taken: a rule that is finer than a day may be "
          + "narrowed with BYHOUR, BYMINUTE and BYSECOND only; FREQ=DAILY with BYHOUR and BYMINUTE can say the same")
    }
  }

  private func checkDates() throws(RecurrenceFault) {
    let name = frequency.rawValue
    if frequency != .yearly {
      if !byWeekNumber.isEmpty { throw RecurrenceFault("has BYWEEKNO, which goes with FREQ=YEARLY only, not \(name)") }
      if !byYearDay.isEmpty { throw RecurrenceFault("has BYYEARDAY, which goes with FREQ=YEARLY only, not \(name)") }
    }
    if frequency == .weekly, !byMonthDay.isEmpty {
      throw RecurrenceFault("has BYMONTHDAY with FREQ=WEEKLY, which do not go together; FREQ=MONTHLY can say it")
    }
    if !bySetPosition.isEmpty, !hasOtherParts {
      throw RecurrenceFault("has BYSETPOS without another BY part, which it must choose from")
    }
    let counts = RecurrenceLimits.positionedCounts
    if !bySetPosition.isEmpty, let count, !(counts ~= count) {
      throw RecurrenceFault("has COUNT=\(count) with BYSETPOS, with which it may be \(counts.upperBound) at most")
    }
    guard hasOrdinals else { return }
    guard frequency == .monthly || frequency == .yearly else {
      throw RecurrenceFault("has a number in BYDAY, which goes with FREQ=MONTHLY and FREQ=YEARLY only, not \(name)")
    }
    if !byWeekNumber.isEmpty { throw RecurrenceFault("has BYWEEKNO and a number in BYDAY, which do not go together") }
    let isInMonth = frequency == .monthly || !byMonth.isEmpty
    if isInMonth, byDay.contains(where: { abs($0.ordinal) > 5 }) {
      throw RecurrenceFault("has a number in BYDAY that no month reaches; within a month it is -5 to -1 or 1 to 5")
    }
  }

  private var hasOtherParts: Bool {
    partsPresent.dropLast().contains { $0.isPresent } || !byHour.isEmpty || !byMinute.isEmpty || !bySecond.isEmpty
  }

  private func checkTimes() throws(RecurrenceFault) {
    let hours = frequency.isSubDaily ? 1 : max(byHour.count, 1)
    let minutes = frequency == .minutely ? 1 : max(byMinute.count, 1)
    guard hours * minutes * max(bySecond.count, 1) <= RecurrenceLimits.timesPerDay else {
      throw RecurrenceFault(
        "has more than \(RecurrenceLimits.timesPerDay) times a day, BYHOUR times BYMINUTE times BYSECOND")
    }
  }
}
