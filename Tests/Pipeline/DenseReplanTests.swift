import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// A reminder every minute stays plannable, however far ahead events are planned.
@Suite struct DenseReplanTests {
  static let now = Timestamp(seconds: 1_800_000_000)

  /// What an event type answers for `rate(… minutes)`.
  static func every(_ minutes: Int64) -> (OccurrenceRequest) -> [Occurrence] {
    { request in
      let step = minutes * 60
      let first = request.after.instant.seconds + (request.after.isStart ? 0 : 1)
      let start = (first + step - 1) / step
      return (0..<Int64(request.maximum)).map { index in
        let at = Timestamp(seconds: (start + index) * step)
        return Occurrence(when: .instant(at), ordinal: UInt64(index) + 1 + request.after.ordinal, key: "\(at.seconds)")
      }
    }
  }

  static func planned(ahead: TimeSpan) throws -> OneSchedule {
    var schedule = try OneSchedule(PlanMakerTests.item(zone: "UTC", startAt: now - .hours(100)))
    schedule.nextDue = now
    schedule.item.cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2027, month: 1, day: 15), instant: now - .minutes(1), ordinal: 6_000,
      key: "\((now - .minutes(1)).seconds)")
    try schedule.plan(every(1), now: now, horizon: ahead)
    return schedule
  }

  @Test(arguments: [TimeSpan.hours(2), .hours(30 * 24)])
  func aReplanKeepsWhatStaysAndTakesBackWhatDoesNot(horizon: TimeSpan) throws {
    var schedule = try Self.planned(ahead: horizon)
    let minutes = Int(horizon.seconds / 60)
    #expect(schedule.rows.count == minutes)
    let before = schedule.rows
    schedule.item.isReplan = true
    try schedule.plan(Self.every(1), now: Self.now, horizon: horizon)
    #expect(schedule.rows == before)
    #expect(schedule.nextDue == Self.now + horizon)
    // Every second minute only, from now on.
    schedule.item.isReplan = true
    try schedule.plan(Self.every(2), now: Self.now, horizon: horizon)
    #expect(schedule.rows.count { $0.value == .withdrawn } == minutes / 2)
    #expect(schedule.rows.count { if case .pending = $0.value { true } else { false } } == minutes / 2)
    #expect(schedule.nextDue == Self.now + horizon)
  }

  @Test func aSeriesThatBecomesDenseIsPlannedAnewInSeveralPasses() throws {
    var item = PlanMakerTests.item(zone: "UTC", startAt: Self.now - .hours(24 * 365))
    item.cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2027, month: 1, day: 15), instant: Self.now + .hours(1), ordinal: 1,
      key: "yearly")
    var schedule = try OneSchedule(item)
    schedule.rows["yearly"] = .pending(Self.now + .hours(1))
    schedule.item.isReplan = true
    let horizon = TimeSpan.hours(10 * 24)
    try schedule.plan(Self.every(1), now: Self.now, horizon: horizon)
    #expect(schedule.rows["yearly"] == .withdrawn)
    schedule.rows["yearly"] = nil
    let due = schedule.rows.values.compactMap { if case .pending(let due) = $0 { due } else { nil } }.sorted()
    #expect(due == (0..<(10 * 24 * 60)).map { Self.now + .minutes(Int64($0)) })
  }

  @Test func aLongRestDoesNotMakeAReplanTooLarge() throws {
    // Nothing ran for 60 days: 86,400 minutes are missed, and then the zone's rules change.
    var schedule = try OneSchedule(
      PlanMakerTests.item(zone: "UTC", startAt: Self.now - .hours(24 * 90)))
    schedule.item.cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2026, month: 11, day: 16), instant: Self.now - .hours(24 * 60),
      ordinal: 7, key: "\((Self.now - .hours(24 * 60)).seconds)")
    schedule.item.isReplan = true
    try schedule.plan(Self.every(1), now: Self.now, horizon: .hours(2))
    let sent = schedule.rows.values.compactMap { if case .pending(let due) = $0 { due } else { nil } }.sorted()
    // The newest of the missed ones, and what comes; the one due now is not missed.
    #expect(sent == [Self.now - .minutes(1)] + (0..<120).map { Self.now + .minutes(Int64($0)) })
  }

  @Test func aSeriesThatGoesInCirclesIsAnError() throws {
    let rules = try #require(World.zones).zone(named: "Europe/London")
    let maker = try PlanMaker(
      PlanMakerTests.item(gap: .skip), rules: rules, now: Self.now, horizonEnd: Self.now + .hours(2))
    // Two local times that the zone skips, in turn, for ever.
    let gap = Series.day(3, 28, at: ["01:15", "01:15"])
    var turns = 0
    #expect(throws: PipelineError.self) {
      while maker.plan == nil {
        turns += 1
        try maker.accept(
          (0..<maker.request.maximum).map { index in
            var one = gap[index % 2]
            one.key = "g\(index % 2)"
            return one
          })
      }
    }
    #expect(turns <= Limits.roundsPerSeries)
  }
}
