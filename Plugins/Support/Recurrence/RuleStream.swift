import PluginKit0

/// What repeats, from a position on, as candidates. It knows in which zone the rule runs, and where it ends.
struct RuleStream {
  private enum Source {
    /// Local times of the schedule's zone, given out as such.
    case here(any LocalSeries)
    /// Local times of the zone that the start names, given out as instants.
    case there(any LocalSeries)
    case instants(any InstantSeries)
  }

  private let source: Source
  private let here: ZoneClock
  /// The clock that the rule runs by.
  private let home: ZoneClock
  private let lead: Int
  private let position: RecurrenceSeries.Position
  /// No occurrence is later than this.
  private let last: Int?
  private var local: LocalTime
  private var instant: Int

  /// Nil when nothing repeats.
  init?(
    _ series: RecurrenceSeries, after position: RecurrenceSeries.Position, here: ZoneClock, clock: any LocalClock,
    _ steps: inout Steps
  ) throws(RecurrenceFault) {
    guard let repetition = series.repetition else { return nil }
    self.here = here
    self.position = position
    let start = series.start?.at(series.timeOfDay)
    let home = ZoneClock(clock: clock, zone: start?.zone ?? here.zone)
    self.home = home
    lead = series.leadSeconds
    last = try repetition.lastInstant(end: series.end, home: home, here: here, clock: clock)
    instant = max(position.firstInstant + lead, RecurrenceLimits.first.seconds)
    local = position.firstLocal + lead
    switch try repetition.run(start: start?.local, home, &steps) {
    case .instants(let series): source = .instants(series)
    case .local(let series) where start?.zone == nil: source = .here(series)
    case .local(let series):
      source = .there(series)
      // What the clocks leapt over comes later than it says: no gap is longer than a day.
      local = try home.reading(at: instant).local + -LocalTime.secondsPerDay
    }
  }

  /// The local times of the schedule's zone, when it is those that repeat.
  var localSeries: (any LocalSeries)? { if case .here(let series) = source { series } else { nil } }

  mutating func next(_ steps: inout Steps) throws(RecurrenceFault) -> Candidate? {
    switch source {
    case .here(let series):
      while let found = try series.first(from: local, &steps) {
        try steps.take()
        local = found + 1
        if try isOver(found, here) { return nil }
        let candidate = try Candidate(local: found, lead: lead, here)
        if candidate.isAfter(position) { return candidate }
      }
    case .there(let series):
      while let found = try series.first(from: local, &steps) {
        try steps.take()
        local = found + 1
        if try isOver(found, home) { return nil }
        let at = try home.instant(of: found)
        guard at >= instant else { continue }
        if try GapRule.isReplaced(found, at, by: series, home, &steps) { continue }
        return Candidate(instant: at, lead: lead)
      }
    case .instants(let series):
      guard let found = try series.first(from: instant, &steps) else { return nil }
      instant = found + 1
      if let last, found > last { return nil }
      return Candidate(instant: found, lead: lead)
    }
    return nil
  }

  private func isOver(_ local: LocalTime, _ clock: ZoneClock) throws(RecurrenceFault) -> Bool {
    guard let last else { return false }
    return try clock.instant(of: local) > last
  }
}

/// How a repetition runs.
enum RepetitionRun {
  case local(any LocalSeries)
  case instants(any InstantSeries)
}

extension Repetition {
  /// The repetition from a start on, by the clock that it runs by.
  func run(start: LocalTime?, _ home: ZoneClock, _ steps: inout Steps) throws(RecurrenceFault) -> RepetitionRun {
    switch kind {
    case .rate(let period):
      let anchor = try start.map { (start) throws(RecurrenceFault) in try home.instant(of: start) }
      return .instants(RateSeries(anchor: anchor ?? 0, period: period, isEndless: anchor == nil))
    case .cron(let cron):
      let series = DaySeries(
        days: cron.days, times: cron.times, lower: start ?? RecurrenceLimits.first, upper: RecurrenceLimits.last)
      return cron.followsClock ? .instants(WallSeries(local: series, clock: home)) : .local(series)
    case .rule(let rule):
      guard let start else { throw RecurrenceFault("has no start, from which an RRULE counts") }
      if rule.frequency.isSubDaily {
        return .instants(try SteppedSeries(rule, start: start, clock: home, &steps))
      }
      return .local(try rule.localSeries(start: start, &steps))
    }
  }

  /// The last instant there may be, where the local series does not keep it itself.
  func lastInstant(
    end: SeriesTime?, home: ZoneClock, here: ZoneClock, clock: any LocalClock
  ) throws(RecurrenceFault) -> Int? {
    if case .rule(let rule) = kind {
      switch rule.until {
      case .utc(let seconds): return seconds
      // Kept by the local series, where there is one.
      case .local(let local): return rule.frequency.isSubDaily ? try home.instant(of: local, fold: .second) : nil
      case nil: return nil
      }
    }
    switch end?.end {
    case .local(let local), .zoned(let local, zone: here.zone): return try here.instant(of: local, fold: .second)
    case .zoned(let local, let zone):
      return try ZoneClock(clock: clock, zone: zone).instant(of: local, fold: .second)
    case .utc(let seconds): return seconds
    case .date, nil: return nil
    }
  }
}

/// A local time that the clocks leap over is shifted forward, as everywhere in the agent, unless the series has another
/// one in the time that it is shifted over: then it is left out, as RFC 5545 section 3.3.10 has it, so that nobody is
/// reminded twice and nothing comes out of order.
struct GapRule {
  let here: ZoneClock
  /// The local times that repeat, if it is those.
  let local: (any LocalSeries)?
  let lead: Int
  let added: [Candidate]

  func isReplaced(_ candidate: Candidate, _ steps: inout Steps) throws(RecurrenceFault) -> Bool {
    guard case .local(let event) = candidate.occasion.event,
      let gap = try Self.gap(at: event, candidate.instant, here)
    else { return false }
    try steps.take()
    if let next = try local?.first(from: gap.end + lead, &steps), next + -lead <= gap.shifted { return true }
    return added.contains { gap.instant...candidate.instant ~= $0.instant && $0 != candidate && !gap.holds($0) }
  }

  /// The same for a series that runs in another zone.
  static func isReplaced(
    _ found: LocalTime, _ instant: Int, by series: any LocalSeries, _ home: ZoneClock, _ steps: inout Steps
  ) throws(RecurrenceFault) -> Bool {
    guard let gap = try gap(at: found, instant, home) else { return false }
    try steps.take()
    return try series.first(from: gap.end, &steps).map { $0 <= gap.shifted } ?? false
  }

  private struct Gap {
    /// The first local time after it.
    let end: LocalTime
    /// The instant of that.
    let instant: Int
    /// What the clocks show instead of the time that they leapt over.
    let shifted: LocalTime

    /// Whether a candidate was shifted itself.
    func holds(_ candidate: Candidate) -> Bool {
      guard case .local(let local) = candidate.occasion.event else { return false }
      return local < end
    }
  }

  /// The gap that a local time falls into, if it does.
  private static func gap(
    at local: LocalTime, _ instant: Int, _ clock: ZoneClock
  ) throws(RecurrenceFault) -> Gap? {
    let shifted = try clock.reading(at: instant).local
    guard shifted != local else { return nil }
    let end = try clock.instant(of: local, gap: .before) + 1
    return Gap(end: try clock.reading(at: end).local, instant: end, shifted: shifted)
  }
}
