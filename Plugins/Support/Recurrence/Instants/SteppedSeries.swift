/// The instants of an HOURLY or MINUTELY rule. Intervals are counted on the instant line, so that a change of the
/// clocks makes none longer or shorter; BYHOUR, BYMINUTE and BYSECOND are judged by what the clocks show.
struct SteppedSeries: InstantSeries {
  private let rule: RecurrenceRule
  private let clock: ZoneClock
  private let start: Int
  /// Where the hour, or the minute, of the start begins.
  private let anchor: Int
  /// Length of the hour or minute, and from one interval to the next.
  private let unit: Int
  private let step: Int
  /// Seconds from the beginning of the unit, as the clocks count it, ascending.
  private let offsets: [Int]
  /// The last that COUNT allows.
  private var last: Int?

  /// The instants of a rule that starts at a local time.
  init(
    _ rule: RecurrenceRule, start local: LocalTime, clock: ZoneClock, _ steps: inout Steps
  ) throws(RecurrenceFault) {
    self.rule = rule
    self.clock = clock
    start = try clock.instant(of: local)
    unit = rule.frequency == .hourly ? 3_600 : 60
    step = unit * rule.interval
    // What the clocks show at the start is not `local` when they leap over that.
    let shown = try clock.reading(at: start).local.second
    anchor = start - shown % unit
    let minutes =
      rule.frequency == .minutely ? [0] : rule.byMinute.isEmpty ? [shown % 3_600 / 60] : rule.byMinute
    let seconds = rule.bySecond.isEmpty ? [shown % 60] : rule.bySecond
    offsets = minutes.flatMap { minute in seconds.map { minute * 60 + $0 } }
    if let count = rule.count { last = try counted(count, &steps) }
  }

  func first(from instant: Int, _ steps: inout Steps) throws(RecurrenceFault) -> Int? {
    let from = max(instant, start)
    if let last, from > last { return nil }
    var begin = from - (from - anchor).modulo(step)
    var offset = SteadyOffset()
    for _ in 0..<RecurrenceLimits.emptyIntervals {
      guard begin <= RecurrenceLimits.last.seconds else { return nil }
      try steps.take()
      if let found = try first(in: begin, from: from, &offset) {
        if let last, found > last { return nil }
        return found
      }
      begin += step
    }
    return nil
  }

  /// The first instant of the unit that begins at one, no earlier than another.
  private func first(in begin: Int, from: Int, _ offset: inout SteadyOffset) throws(RecurrenceFault) -> Int? {
    let shown = begin + (try offset.at(begin, clock))
    guard isNamed(shown) else { return nil }
    return instants(in: begin, shown).first { $0 >= from }
  }

  /// Whether a unit has anything at all, by what the clocks show when it begins.
  private func isNamed(_ shown: Int) -> Bool {
    if rule.frequency == .minutely {
      return names(hour: shown) && (rule.byMinute.isEmpty || rule.byMinute.contains(shown.modulo(3_600) / 60))
    }
    return names(hour: shown) || (shown.modulo(unit) != 0 && names(hour: shown + unit))
  }

  /// What falls into a unit that has something.
  private func instants(in begin: Int, _ shown: Int) -> [Int] {
    if shown.modulo(unit) == 0 { return offsets.map { begin + $0 } }
    // Where clocks are set by half hours, the unit no longer begins with the hour that they show.
    let places = offsets.map { ($0 - shown).modulo(unit) }.sorted()
    guard rule.frequency == .hourly, !rule.byHour.isEmpty else { return places.map { begin + $0 } }
    return places.filter { names(hour: shown + $0) }.map { begin + $0 }
  }

  private func names(hour second: Int) -> Bool {
    rule.byHour.isEmpty || rule.byHour.contains(second.modulo(LocalTime.secondsPerDay) / 3_600)
  }

  /// Whether a unit may be left out altogether.
  private var narrows: Bool { !rule.byHour.isEmpty || (rule.frequency == .minutely && !rule.byMinute.isEmpty) }

  /// The last instant that COUNT allows; nil when the rule ends before.
  private func counted(_ count: Int, _ steps: inout Steps) throws(RecurrenceFault) -> Int? {
    guard narrows else {
      // The first unit may begin before the start.
      let early = offsets.count { anchor + $0 < start }
      let place = early + count - 1
      return anchor + place / offsets.count * step + offsets[place % offsets.count]
    }
    var left = count
    var found: Int?
    var offset = SteadyOffset()
    // A rule is checked before its zone is known. Clocks that change may make it longer than it was found to be, and
    // what was accepted must not fail later.
    let isCheck = clock.clock is FixedClock
    let most = RecurrenceLimits.countedIntervals * (isCheck ? 1 : 3)
    for number in 0..<most {
      let begin = anchor + number * step
      guard begin <= RecurrenceLimits.last.seconds else { return found }
      try steps.take()
      let shown = begin + (try offset.at(begin, clock))
      guard isNamed(shown) else { continue }
      if begin >= start, left > offsets.count, shown.modulo(unit) == 0 {
        left -= offsets.count
        found = offsets.last.map { begin + $0 }
        continue
      }
      for instant in instants(in: begin, shown) where instant >= start {
        found = instant
        left -= 1
        if left == 0 { return instant }
      }
    }
    guard isCheck else { return found }
    throw RecurrenceFault(
      "has a COUNT that takes more than \(RecurrenceLimits.countedIntervals) intervals to reach; "
        + "UNTIL, or a smaller COUNT, can end it")
  }
}

/// A zone's offset while it stays the same, so that a walk over many intervals asks the clock a few times only.
private struct SteadyOffset {
  private static let spans = [7 * LocalTime.secondsPerDay, 3_600]

  private var offset = 0
  private var until = Int.min

  /// The offset at an instant, no earlier than the one asked for before.
  mutating func at(_ instant: Int, _ clock: ZoneClock) throws(RecurrenceFault) -> Int {
    guard instant >= until else { return offset }
    offset = try clock.reading(at: instant).local.seconds - instant
    until = instant + 1
    // No zone changes twice within a week and back: where the offset is the same at the end, it was all along.
    for span in Self.spans where try clock.reading(at: instant + span).local.seconds - instant - span == offset {
      until = instant + span
      break
    }
    return offset
  }
}
