import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// Random series, random exceptions at random times, random passes and re-plans: what is sent, and when, is what a simple
/// reading of the exceptions says. An occurrence is at its regular time, or where it was moved to last, or nowhere if a
/// person skipped it.
@Suite struct ExceptionPropertyTests {
  static let zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]
  /// Some days around the changes of clocks: 27 March and 30 October 2027.
  static let starts = [Timestamp(seconds: 1_806_105_600), Timestamp(seconds: 1_824_854_400)]
  static let length = TimeSpan.hours(4 * 24)

  struct Case {
    var random: SplitMix
    let item: PlanningItem
    let series: Series
    let rules: ZoneRules
    var exceptions: [String: OccurrenceException] = [:]

    init(seed: UInt64) throws {
      var random = SplitMix(state: seed)
      func draw(_ bound: UInt64) -> Int { Int(random.next() % bound) }
      let start = starts[draw(2)]
      item = PlanMakerTests.item(
        zone: zones[draw(4)], gap: GapRule.allCases[draw(3)], fold: FoldRule.allCases[draw(3)],
        catchUp: CatchUp(mode: .all, window: nil), startAt: start)
      rules = try #require(World.zones).zone(named: item.timeZone)
      var occurrences: [Occurrence] = []
      let isCivil = draw(3) > 0
      var second = draw(7_200)
      while second < Int(length.seconds), occurrences.count < 40 {
        let at = start + .seconds(Int64(second))
        let utc = OccurrenceResolver(rules: try UTC.rules, gap: .skip, fold: .first)
        let when: Occurrence.When = isCivil ? .civil(try utc.civil(at: at)) : .instant(at)
        occurrences.append(
          Occurrence(when: when, ordinal: UInt64(occurrences.count) + 1, key: "k\(occurrences.count)"))
        second += [300, 1_800, 5_400, 40_000][draw(4)] + draw(600)
      }
      series = Series(occurrences: occurrences)
      self.random = random
    }

    mutating func draw(_ bound: UInt64) -> Int { Int(random.next() % bound) }

    /// The regular times, by key.
    func regular() throws -> [String: Timestamp] {
      var times: [String: Timestamp] = [:]
      for occurrence in series.occurrences {
        switch occurrence.when {
        case .instant(let at): times[occurrence.key] = at
        case .civil(let fields):
          let instants = rules.instant(
            of: try CivilDateTime(fields), gap: GapPolicy(item.gap), fold: FoldPolicy(item.fold)
          ).instants
          for (index, instant) in instants.enumerated() {
            let at = Timestamp(microseconds: instant.microseconds)
            if at >= item.startAt { times[occurrence.key + (index == 0 ? "" : "+fold")] = at }
          }
        }
      }
      return times
    }

    /// Where a move goes; nil when the zone and the schedule skip it.
    func target(_ fields: CivilFields) throws -> Timestamp? {
      let fold = fields.fold == 1 ? .second : FoldPolicy(item.fold)
      return rules.instant(of: try CivilDateTime(fields), gap: GapPolicy(item.gap), fold: fold).first
        .map { Timestamp(microseconds: $0.microseconds) }
    }
  }

  enum UTC {
    static var rules: ZoneRules { get throws { try #require(World.zones).zone(named: "UTC") } }
  }

  @Test(arguments: Array(UInt64(1)...40)) func whatIsSentIsWhatTheExceptionsSay(seed: UInt64) throws {
    var test = try Case(seed: seed)
    var schedule = try OneSchedule(test.item)
    let regular = try test.regular()
    let keys = regular.keys.sorted() + ["extra"]
    let end = test.item.startAt + Self.length + .hours(48)
    let horizon = TimeSpan.minutes([40, 120, 1_600][test.draw(3)])
    var (now, last) = (test.item.startAt, test.item.startAt)
    while now < end {
      schedule.send(now: now, since: last)
      if test.draw(3) == 0 { try change(&test, &schedule, keys, regular, now) }
      if test.draw(10) == 0 { schedule.item.isReplan = true }
      try schedule.plan({ [series = test.series] in series.next($0) }, now: now, horizon: horizon)
      schedule.send(now: now, since: now)
      last = now
      // No longer than the horizon, so that nothing is planned late.
      now = now + .seconds(Int64(test.draw(UInt64(min(horizon.seconds, 7_200) - 1))) + 1)
    }
    schedule.send(now: end, since: last)
    try expect(schedule, test, keys, regular, until: end)
  }

  /// One exception more, or one less, about something that is still to come.
  private func change(
    _ test: inout Case, _ schedule: inout OneSchedule, _ keys: [String], _ regular: [String: Timestamp],
    _ now: Timestamp
  ) throws {
    let key = keys[test.draw(UInt64(keys.count))]
    switch schedule.rows[key] {
    case .sent, .skipped: return
    case .pending, .withdrawn, nil: break
    }
    let isSkipped = test.exceptions[key].map { $0.action == .skip } ?? false
    // A moved one whose regular time has passed stays moved.
    let isRegularToCome = regular[key].map { $0 > now } ?? false
    switch test.draw(6) {
    case 0 where isRegularToCome && !isSkipped && test.exceptions[key] == nil:
      test.exceptions[key] = OccurrenceException(key: key, action: .skip)
      // Whoever takes note of it cancels what is planned already.
      if case .pending = schedule.rows[key] { schedule.rows[key] = .skipped(code: "requested") }
    case 1 where isRegularToCome && !isSkipped: test.exceptions[key] = nil
    case 2..<5 where !isSkipped && (isRegularToCome || test.exceptions[key] != nil || key == "extra"):
      let seconds = Int64(test.draw(UInt64(60 * 3_600))) + 1
      let fields = try OccurrenceResolver(rules: test.rules, gap: .skip, fold: .first).civil(
        at: now + .seconds(seconds))
      if let at = try test.target(fields), at <= now { return }
      test.exceptions[key] = OccurrenceException(key: key, action: .move(to: fields))
    default: return
    }
    schedule.item.exceptions = Array(test.exceptions.values)
    schedule.item.isReplan = true
  }

  private func expect(
    _ schedule: OneSchedule, _ test: Case, _ keys: [String], _ regular: [String: Timestamp], until end: Timestamp
  ) throws {
    for key in keys {
      let due: Timestamp?
      switch test.exceptions[key]?.action {
      case .skip:
        #expect(schedule.rows[key] == .skipped(code: "requested"), "\(key)")
        continue
      case .move(let fields): due = try test.target(fields)
      case nil: due = regular[key]
      }
      if let due, due <= end {
        #expect(schedule.rows[key] == .sent(due), "\(key): \(String(describing: test.exceptions[key]))")
      } else {
        let isSent = if case .sent = schedule.rows[key] { true } else { false }
        #expect(!isSent, "\(key)")
      }
    }
    #expect(Set(schedule.rows.keys).isSubset(of: keys))
  }
}
