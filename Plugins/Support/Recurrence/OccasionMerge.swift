import PluginKit0

/// Goes through a series from a position on: what repeats and what was added as one, less what is excluded.
struct OccasionMerge {
  private var rule: RuleStream?
  /// What was added, and the start of what does not repeat, earliest event first.
  private var added: [Candidate]
  private let exclusions: Exclusions
  private let gaps: GapRule
  private var pendingRule: Candidate?
  private var lastGiven: Candidate?

  init(
    _ series: RecurrenceSeries, after position: RecurrenceSeries.Position, zone: String, clock: any LocalClock,
    _ steps: inout Steps
  ) throws(RecurrenceFault) {
    let here = ZoneClock(clock: clock, zone: zone)
    var times = series.added
    if series.repetition == nil, let start = series.start { times.append(start) }
    var candidates: [Candidate] = []
    for time in times {
      try steps.take()
      candidates.append(try Candidate(time.at(series.timeOfDay), lead: series.leadSeconds, here, clock))
    }
    candidates.sort()
    let all = candidates
    added = candidates.filter { $0.isAfter(position) }
    exclusions = try Exclusions(series.excluded, here, clock)
    rule = try RuleStream(series, after: position, here: here, clock: clock, &steps)
    gaps = GapRule(here: here, local: rule?.localSeries, lead: series.leadSeconds, added: all)
    pendingRule = try nextOfRule(&steps)
  }

  /// The next occasion; nil when the series has ended.
  mutating func next(_ steps: inout Steps) throws(RecurrenceFault) -> RecurrenceSeries.Occasion? {
    while let candidate = try nextMerged(&steps) {
      try steps.take()
      // Added twice, or added to what repeats at the same moment: one occurrence.
      if let lastGiven, lastGiven.instant == candidate.instant, lastGiven.isAdded || candidate.isAdded { continue }
      guard try !exclusions.contain(candidate) else { continue }
      lastGiven = candidate
      return candidate.occasion
    }
    return nil
  }

  /// The earlier of the two, what repeats before what was added.
  private mutating func nextMerged(_ steps: inout Steps) throws(RecurrenceFault) -> Candidate? {
    while let first = added.first {
      if let pendingRule, !(first < pendingRule) { break }
      added.removeFirst()
      if try gaps.isReplaced(first, &steps) { continue }
      return first
    }
    guard let candidate = pendingRule else { return nil }
    pendingRule = try nextOfRule(&steps)
    return candidate
  }

  private mutating func nextOfRule(_ steps: inout Steps) throws(RecurrenceFault) -> Candidate? {
    while let candidate = try rule?.next(&steps) {
      if try !gaps.isReplaced(candidate, &steps) { return candidate }
    }
    return nil
  }
}

/// An occurrence that may be given out.
struct Candidate: Comparable {
  let occasion: RecurrenceSeries.Occasion
  /// When its event is, as an instant: local times in a gap shifted forward, of two the first.
  let instant: Int
  var isAdded = false

  /// Earlier events first; of equal instants the earlier local time, and what repeats before what was added.
  static func < (left: Candidate, right: Candidate) -> Bool {
    (left.instant, left.localSeconds, left.isAdded ? 1 : 0) < (right.instant, right.localSeconds, right.isAdded ? 1 : 0)
  }

  private var localSeconds: Int { if case .local(let local) = occasion.event { local.seconds } else { .max } }

  /// By the clocks of the schedule's zone.
  init(local: LocalTime, lead: Int, _ here: ZoneClock) throws(RecurrenceFault) {
    let event = local + -lead
    occasion = .init(time: .local(local), event: .local(event))
    instant = try here.instant(of: event)
  }

  /// On the instant line.
  init(instant: Int, lead: Int) {
    occasion = .init(time: .instant(instant), event: .instant(instant - lead))
    self.instant = instant - lead
  }

  /// What was added.
  init(_ time: SeriesTime, lead: Int, _ here: ZoneClock, _ clock: any LocalClock) throws(RecurrenceFault) {
    switch time {
    case .local(let local): try self.init(local: local, lead: lead, here)
    case .date(let day): try self.init(local: LocalTime(day: day, second: 0), lead: lead, here)
    case .utc(let seconds): self.init(instant: seconds, lead: lead)
    case .zoned(let local, let zone):
      self.init(instant: try ZoneClock(clock: clock, zone: zone).instant(of: local), lead: lead)
    }
    isAdded = true
  }

  /// Whether its event counts after a position.
  func isAfter(_ position: RecurrenceSeries.Position) -> Bool {
    guard case .local(let local) = occasion.event, local >= position.firstLocal else {
      if case .instant = occasion.event { return instant >= position.firstInstant }
      return false
    }
    // In the second pass of an hour that comes twice, the local times of the first are over.
    return !position.reading.isSecond || instant >= position.firstInstant
  }
}

/// What is left out.
private struct Exclusions {
  private var days: Set<Int> = []
  private var locals: Set<LocalTime> = []
  private var instants: Set<Int> = []
  private let here: ZoneClock

  init(_ times: [SeriesTime], _ here: ZoneClock, _ clock: any LocalClock) throws(RecurrenceFault) {
    self.here = here
    for time in times {
      switch time {
      case .date(let day): days.insert(day)
      case .local(let local): locals.insert(local)
      case .utc(let seconds): instants.insert(seconds)
      case .zoned(let local, let zone):
        instants.insert(try ZoneClock(clock: clock, zone: zone).instant(of: local))
      }
    }
  }

  /// By the clocks of the schedule's zone, or by the instant.
  func contain(_ candidate: Candidate) throws(RecurrenceFault) -> Bool {
    let local: LocalTime
    switch candidate.occasion.time {
    case .local(let time):
      local = time
      if !instants.isEmpty, instants.contains(try here.instant(of: time)) { return true }
    case .instant(let instant):
      if instants.contains(instant) { return true }
      guard !days.isEmpty || !locals.isEmpty else { return false }
      local = try here.reading(at: instant).local
    }
    return locals.contains(local) || days.contains(local.day)
  }
}
