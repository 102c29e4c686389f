import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// What people say about single occurrences, in the plan of one schedule.
@Suite struct ExceptionPlanTests {
  static let now = PlanMakerTests.now
  static func hours(_ count: Int64) -> Timestamp { now + .hours(count) }

  /// The fields that London's clocks show some hours from now; it is winter time for the next 13 hours.
  static func fields(_ hours: Int64) -> CivilFields {
    let minute = (12 + hours) * 60
    let (day, rest) = (27 + (minute >= 1_440 ? 1 : minute < 0 ? -1 : 0), (minute + 1_440) % 1_440)
    return CivilFields(year: 2027, month: 3, day: UInt8(day), hour: UInt8(rest / 60), minute: UInt8(rest % 60))
  }

  static func move(_ key: String, to hours: Int64) -> OccurrenceException {
    OccurrenceException(key: key, action: .move(to: fields(hours)))
  }

  static func skip(_ key: String, _ reason: String = "") -> OccurrenceException {
    OccurrenceException(key: key, action: .skip, reason: reason)
  }

  /// i1 … i6, two hours apart, the first in two hours.
  static let series = (1...6).map { PlanMakerTests.at(hours(Int64($0) * 2), UInt64($0)) }

  static func plan(
    _ exceptions: [OccurrenceException], horizon: Int64 = 5, series: [Occurrence] = series,
    catchUp: CatchUp = CatchUp(mode: .latest, window: .hours(24)), startAt: Timestamp = hours(-20),
    cursor: OccurrenceCursor? = nil, isReplan: Bool = false, pending: [PlanningItem.PendingOccurrence] = [],
    settled: [String] = []
  ) throws -> SchedulePlan {
    try PlanMakerTests.plan(
      PlanMakerTests.item(
        catchUp: catchUp, startAt: startAt, cursor: cursor, isReplan: isReplan, pending: pending, settled: settled,
        exceptions: exceptions), series, horizon: .hours(horizon))
  }

  @Test func aSkippedOccurrenceIsPlannedAsClosedWithThePersonsReason() throws {
    let plan = try Self.plan([Self.skip("i1", "on holiday"), Self.skip("i2")])
    #expect(plan.events.map(\.key) == ["i1", "i2"])
    #expect(plan.events.map(\.closedAs?.outcome) == [.skipped, .skipped])
    #expect(plan.events.map(\.closedAs?.code) == ["requested", "requested"])
    #expect(plan.events.map(\.closedAs?.detail) == ["on holiday", "a person asked to skip it"])
    #expect(plan.nextKey == "i3")
  }

  @Test func aMovedOccurrenceKeepsItsKeyAndIsAtItsNewTimeAlone() throws {
    let plan = try Self.plan([Self.move("i1", to: 3)])
    #expect(plan.events.map(\.key) == ["i1", "i2"])
    #expect(plan.events.map(\.dueAt) == [Self.hours(3), Self.hours(4)])
    #expect(plan.events.allSatisfy { $0.closedAs == nil })
    #expect(plan.cursor?.key == "i2")
  }

  /// Where an occurrence is moved to, which events the next five hours have, and what is looked at next.
  static let table: [(OccurrenceException, events: [String], next: String, at: Int64)] = [
    // Earlier than the regular time, which is beyond the horizon; also out of its order.
    (move("i5", to: 1), ["i5", "i1", "i2"], "i3", 6),
    // Later, beyond the horizon: then the next regular one comes first, or it does.
    (move("i1", to: 7), ["i2"], "i3", 6),
    (move("i3", to: 11), ["i1", "i2"], "i4", 8),
    // The next regular one is moved nearer, but not near enough.
    (move("i4", to: 6), ["i1", "i2"], "i3", 6),
    // A key that the series does not know takes place all the same.
    (move("other", to: 1), ["other", "i1", "i2"], "i3", 6),
    (move("other", to: 5), ["i1", "i2"], "other", 5),
  ]

  @Test(arguments: table.indices) func aMovedOccurrenceIsPlannedWhereverItGoes(row: Int) throws {
    let (exception, events, next, at) = Self.table[row]
    let plan = try Self.plan([exception])
    #expect(plan.events.map(\.key) == events)
    #expect(plan.nextKey == next)
    #expect(plan.nextDue == Self.hours(at))
  }

  @Test func aMovedOccurrenceIsLookedAtBeyondTheSeriesEndAndBeforeAFarNextOne() throws {
    let short = [PlanMakerTests.at(Self.hours(1), 1)]
    let ended = try Self.plan([Self.move("i1", to: 9)], series: short)
    #expect(ended.events.isEmpty)
    #expect(ended.nextDue == Self.hours(9))
    #expect(ended.nextKey == "i1")
    let far = [PlanMakerTests.at(Self.hours(1), 1), PlanMakerTests.at(Self.hours(9_000), 2)]
    let yearly = try Self.plan([Self.move("i1", to: 9)], series: far)
    #expect(yearly.nextDue == Self.hours(9))
    // The pass that it is due in names it, and goes back to the far one.
    let pass = try Self.plan([Self.move("i1", to: 4)], series: far, cursor: yearly.cursor)
    #expect(pass.events.map(\.key) == ["i1"])
    #expect(pass.nextDue == Self.hours(9_000))
  }

  @Test func ofTwoThatAFoldMakesEachHasItsOwnExceptions() throws {
    // 01:30 on 31 October 2027 comes twice.
    let now = Timestamp(seconds: 1_824_900_000)
    func plan(_ exceptions: [OccurrenceException]) throws -> [PlannedEvent] {
      try PlanMakerTests.plan(
        PlanMakerTests.item(fold: .both, startAt: now, exceptions: exceptions),
        [PlanMakerTests.civil(31, 1, 30, month: 10)], now: now
      ).events
    }
    let (first, second) = ("10-31T1:30", "10-31T1:30+fold")
    #expect(try plan([Self.skip(first)]).map(\.closedAs?.code) == ["requested", nil])
    #expect(try plan([Self.skip(second)]).map(\.closedAs?.code) == [nil, "requested"])
    let noon = CivilFields(year: 2027, month: 10, day: 31, hour: 12)
    let moved = try plan([OccurrenceException(key: second, action: .move(to: noon))])
    #expect(moved.map(\.key) == [first, second])
    #expect(moved.map(\.dueAt.seconds) == [1_824_942_600, 1_824_984_000])
    // Moved to a time that comes twice, it takes place once.
    var twice = CivilFields(year: 2027, month: 10, day: 31, hour: 1, minute: 45)
    #expect(
      try plan([OccurrenceException(key: second, action: .move(to: twice))]).map(\.dueAt.seconds)
        == [1_824_942_600, 1_824_943_500])
    twice.fold = 1
    #expect(
      try plan([OccurrenceException(key: first, action: .move(to: twice))]).map(\.dueAt.seconds)
        == [1_824_946_200, 1_824_947_100])
  }

  @Test func aMovedOccurrenceFollowsTheGapRule() throws {
    let missing = OccurrenceException(
      key: "x", action: .move(to: CivilFields(year: 2027, month: 3, day: 28, hour: 1, minute: 30)))
    for (gap, due) in [(GapRule.shiftForward, [Int64(1_806_197_400)]), (.before, [1_806_195_599]), (.skip, [])] {
      let plan = try PlanMakerTests.plan(PlanMakerTests.item(gap: gap, startAt: Self.now, exceptions: [missing]), [])
      #expect(plan.events.map(\.dueAt.seconds) == due)
    }
  }

  @Test func catchUpGoesByTheMovedTimeAndPassesOverSkippedOnes() throws {
    // Missed: i1 five hours ago, i2 four, i3 three; i1 is moved to one hour ago.
    let missed = (1...3).map { PlanMakerTests.at(Self.hours(Int64($0) - 6), UInt64($0)) }
    func codes(_ exceptions: [OccurrenceException], _ catchUp: CatchUp) throws -> [String: String] {
      let events = try Self.plan(exceptions, series: missed, catchUp: catchUp).events
      return Dictionary(uniqueKeysWithValues: events.map { ($0.key, $0.closedAs?.code ?? "sent") })
    }
    let (moved, latest) = (Self.move("i1", to: -1), CatchUp(mode: .latest, window: .hours(24)))
    #expect(try codes([moved], latest) == ["i1": "sent", "i2": "superseded", "i3": "superseded"])
    #expect(
      try codes([moved], CatchUp(mode: .all, window: .minutes(90)))
        == ["i1": "sent", "i2": "outside-catch-up-window", "i3": "outside-catch-up-window"])
    #expect(try codes([Self.skip("i3")], latest) == ["i1": "superseded", "i2": "sent", "i3": "requested"])
  }

  @Test func whatWasMovedIntoAPauseOrIsLongOverIsNotPlanned() throws {
    let exceptions = [Self.move("x", to: -2)]
    #expect(try Self.plan(exceptions, series: [], startAt: Self.hours(-1)).events.isEmpty)
    #expect(try Self.plan(exceptions, series: [], startAt: Self.hours(-3)).events.map(\.key) == ["x"])
    let rules = try TimeZoneDatabase().zone(named: "Europe/London")
    for (oldest, keys) in [(Self.hours(-2), ["x"]), (Self.hours(-1), [])] {
      let maker = try PlanMaker(
        PlanMakerTests.item(exceptions: exceptions), rules: rules, now: Self.now, horizonEnd: Self.hours(2),
        oldest: oldest)
      try maker.accept([])
      #expect(maker.plan?.events.map(\.key) == keys)
    }
  }

  @Test func aReplanMovesWhatIsPendingAndLeavesASkippedOneToWhoeverCancelsIt() throws {
    let cursor = OccurrenceCursor(
      isStart: false, civil: Self.fields(4), instant: Self.hours(4), ordinal: 2, key: "i2")
    func pending(_ key: String, _ hours: Int64, owned: Bool = false) -> PlanningItem.PendingOccurrence {
      .init(key: key, dueAt: Self.hours(hours), queue: "normal", isOwned: owned)
    }
    let skipped = try Self.plan(
      [Self.skip("i1")], cursor: cursor, isReplan: true, pending: [pending("i1", 2), pending("i2", 4)])
    #expect(skipped.withdrawals.isEmpty && skipped.moves.isEmpty && skipped.events.isEmpty)
    let moved = try Self.plan(
      [Self.move("i1", to: 3)], cursor: cursor, isReplan: true, pending: [pending("i1", 2, owned: true)],
      settled: ["i2"])
    #expect(moved.moves.map(\.key) == ["i1"] && moved.moves.map(\.dueAt) == [Self.hours(3)])
    #expect(moved.withdrawals.isEmpty && moved.events.isEmpty)
    // Beyond the horizon it goes too; it is not taken back only to be planned again.
    let later = try Self.plan(
      [Self.move("i1", to: 9)], cursor: cursor, isReplan: true, pending: [pending("i1", 2), pending("i2", 4)])
    #expect(later.moves.map(\.dueAt) == [Self.hours(9)] && later.withdrawals.isEmpty)
    #expect(later.nextKey == "i3")
    // Taken back, the regular time counts again.
    let back = try Self.plan([], cursor: cursor, isReplan: true, pending: [pending("i1", 3), pending("i2", 4)])
    #expect(back.moves.map(\.key) == ["i1"] && back.moves.map(\.dueAt) == [Self.hours(2)])
  }

  @Test func missedOnesOfManyPassesKnowWhichIsTheNewest() throws {
    let series = (1...2_500).map { PlanMakerTests.at(Self.now - .seconds(Int64(2_600 - $0) * 10), UInt64($0)) }
    // Moved behind the newest by a minute.
    let newest = OccurrenceException(
      key: "i700", action: .move(to: CivilFields(year: 2027, month: 3, day: 27, hour: 11, minute: 45)))
    var item = PlanMakerTests.item(startAt: Self.hours(-100), exceptions: [newest])
    var fates: [String: String] = [:]
    for _ in 0..<4 {
      let plan = try PlanMakerTests.plan(item, series)
      for event in plan.events where fates[event.key] == nil { fates[event.key] = event.closedAs?.code ?? "sent" }
      item.cursor = plan.cursor
      if plan.nextDue == nil { break }
    }
    // i2500 was due 1,000 s ago, and i700 is due 900 s ago now.
    #expect(fates.filter { $0.value == "sent" }.keys.sorted() == ["i700"])
  }

  @Test func anExceptionWithATimeThatIsNoneNamesItself() {
    let bad = OccurrenceException(key: "k7", action: .move(to: CivilFields(year: 2027, month: 2, day: 30)))
    do {
      _ = try Self.plan([bad])
      Issue.record("it was planned")
    } catch {
      #expect("\(error)".contains("occurrence k7 is moved to a time that is none"))
    }
  }
}
