import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

@Suite struct PlanMakerTests {
  /// 2027-03-27T12:00:00Z, the day before Europe's clocks go forward.
  static let now = Timestamp(seconds: 1_806_148_800)

  static func item(
    zone: String = "Europe/London", gap: GapRule = .shiftForward, fold: FoldRule = .first,
    catchUp: CatchUp = CatchUp(mode: .latest, window: .hours(24)), startAt: Timestamp = now - .hours(24 * 400),
    takesPast: Bool = false, cursor: OccurrenceCursor? = nil, isReplan: Bool = false, isActive: Bool = true,
    pending: [PlanningItem.PendingOccurrence] = [], settled: [String] = [], exceptions: [OccurrenceException] = []
  ) -> PlanningItem {
    PlanningItem(
      schedule: ScheduleNumber(rawValue: 1), namespace: "default", id: "s", eventType: "daily", definitionJSON: "{}",
      user: nil, timeZone: zone, gap: gap, fold: fold, queue: "normal", catchUp: catchUp, isActive: isActive,
      startAt: startAt, takesPast: takesPast, cursor: cursor, isReplan: isReplan, pending: pending,
      settledKeys: settled, planRevision: 3,
      exceptions: exceptions)
  }

  /// Plans with an event type of given occurrences; answers how often it was asked too.
  static func plan(
    _ item: PlanningItem, _ series: [Occurrence], now: Timestamp = now, horizon: TimeSpan = .hours(24)
  ) throws -> SchedulePlan {
    let rules = try TimeZoneDatabase().zone(named: item.timeZone)
    let maker = try PlanMaker(item, rules: rules, now: now, horizonEnd: now + horizon)
    for _ in 0..<1_000 {
      if let plan = maker.plan { return plan }
      let request = maker.request
      let rest = series.filter { $0.ordinal > request.after.ordinal }
      try maker.accept(Array(rest.prefix(request.maximum)))
    }
    throw PipelineError(.unplannable, "never ends")
  }

  static func civil(_ day: Int, _ hour: Int, _ minute: Int = 0, ordinal: UInt64 = 1, month: Int = 3) -> Occurrence {
    Occurrence(
      when: .civil(
        CivilFields(year: 2027, month: UInt8(month), day: UInt8(day), hour: UInt8(hour), minute: UInt8(minute))),
      ordinal: ordinal, key: "\(month)-\(day)T\(hour):\(minute)")
  }

  static func at(_ instant: Timestamp, _ ordinal: UInt64) -> Occurrence {
    Occurrence(when: .instant(instant), ordinal: ordinal, key: "i\(ordinal)")
  }

  // London: on 28 March 2027 01:00 to 02:00 does not exist; the gap is at 1_806_195_600.
  @Test(arguments: [
    (GapRule.shiftForward, [Int64(1_806_195_600 + 1_800)]), (.before, [1_806_195_600 - 1]), (.skip, []),
  ])
  func aTimeThatTheZoneSkipsFollowsTheGapRule(rule: GapRule, seconds: [Int64]) throws {
    let plan = try Self.plan(Self.item(gap: rule), [Self.civil(28, 1, 30), Self.civil(30, 9, ordinal: 2)])
    #expect(plan.events.map(\.dueAt.seconds) == seconds)
    #expect(plan.nextKey == "3-30T9:0")
    #expect(plan.cursor?.key == "3-28T1:30")
  }

  // On 31 October 2027 01:30 comes twice in London: 1_824_942_600 and an hour later.
  @Test(arguments: [
    (FoldRule.first, [Int64(1_824_942_600)], ["10-31T1:30"]), (.second, [1_824_946_200], ["10-31T1:30"]),
    (.both, [1_824_942_600, 1_824_946_200], ["10-31T1:30", "10-31T1:30+fold"]),
  ])
  func aTimeThatTheZoneHasTwiceFollowsTheFoldRule(rule: FoldRule, seconds: [Int64], keys: [String]) throws {
    let now = Timestamp(seconds: 1_824_900_000)
    let plan = try Self.plan(
      Self.item(fold: rule, startAt: now), [Self.civil(31, 1, 30, month: 10)], now: now)
    #expect(plan.events.map(\.dueAt.seconds) == seconds)
    #expect(plan.events.map(\.key) == keys)
    #expect(plan.nextDue == nil)
  }

  @Test func onlyWhatIsWithinTheHorizonIsPlannedAndTheNextIsNamed() throws {
    let series = (1...10).map { Self.at(Self.now + .hours(Int64($0) * 5), UInt64($0)) }
    let plan = try Self.plan(Self.item(startAt: Self.now), series)
    #expect(plan.events.map(\.key) == ["i1", "i2", "i3", "i4"])
    #expect(plan.cursor?.key == "i4")
    #expect(plan.cursor?.ordinal == 4)
    #expect(plan.nextDue == Self.now + .hours(25))
    #expect(plan.nextKey == "i5")
    #expect(plan.planRevision == 3)
  }

  @Test func whatIsBeforeTheStartIsNotPlanned() throws {
    let series = (1...4).map { Self.at(Self.now + .hours(Int64($0)), UInt64($0)) }
    let plan = try Self.plan(Self.item(startAt: Self.now + .hours(3)), series)
    #expect(plan.events.map(\.key) == ["i3", "i4"])
  }

  static let missed = (1...5).map { at(now - .hours(Int64(6 - $0)), UInt64($0)) } + [at(now + .hours(1), 6)]

  @Test(arguments: [
    (CatchUp(mode: .all, window: nil), ["i1", "i2", "i3", "i4", "i5", "i6"], [String]()),
    (CatchUp(mode: .all, window: .hours(3)), ["i3", "i4", "i5", "i6"], ["i1", "i2"]),
    (CatchUp(mode: .latest, window: .hours(24)), ["i5", "i6"], ["i1", "i2", "i3", "i4"]),
    (CatchUp(mode: .merge, window: .hours(24)), ["i5", "i6"], ["i1", "i2", "i3", "i4"]),
    (CatchUp(mode: .skip, window: nil), ["i6"], ["i1", "i2", "i3", "i4", "i5"]),
  ])
  func whatWasMissedFollowsTheCatchUpPolicy(policy: CatchUp, sent: [String], closed: [String]) throws {
    let plan = try Self.plan(Self.item(catchUp: policy, startAt: Self.now - .hours(10)), Self.missed)
    #expect(plan.events.filter { $0.closedAs == nil }.map(\.key) == sent)
    #expect(plan.events.filter { $0.closedAs != nil }.map(\.key) == closed)
    let outcome: Outcome = policy.mode == .merge ? .merged : .skipped
    #expect(plan.events.allSatisfy { $0.closedAs == nil || $0.closedAs?.outcome == outcome })
    #expect(plan.events.allSatisfy { $0.runAt == max($0.dueAt, Self.now) })
  }

  @Test func aLongRestIsSummedUpAndNotWrittenOutInFull() throws {
    let series = (1...900).map { Self.at(Self.now - .minutes(Int64(901 - $0) * 2), UInt64($0)) }
    let plan = try Self.plan(Self.item(startAt: Self.now - .hours(100)), series)
    let closed = plan.events.compactMap(\.closedAs)
    #expect(closed.count == Limits.missedRecorded + 1)
    #expect(closed.first?.detail.contains("stands for 849 missed") == true)
    #expect(plan.events.filter { $0.closedAs == nil }.map(\.key) == ["i900"])
  }

  @Test func moreThanOnePassKeepsWhatIsSupersededRight() throws {
    let series = (1...2_500).map { Self.at(Self.now - .seconds(Int64(2_600 - $0) * 10), UInt64($0)) }
    var item = Self.item(catchUp: CatchUp(mode: .latest, window: .hours(24)), startAt: Self.now - .hours(100))
    var sent: [String] = []
    for _ in 0..<4 {
      let plan = try Self.plan(item, series)
      sent += plan.events.filter { $0.closedAs == nil }.map(\.key)
      item.cursor = plan.cursor
      if plan.nextDue == nil { break }
    }
    #expect(sent == ["i2500"])
  }

  @Test func aReplanMovesKeepsWithdrawsAndAddsByKey() throws {
    let hours = { (count: Int64) in Self.now + .hours(count) }
    let item = Self.item(
      cursor: OccurrenceCursor(
        isStart: false, civil: CivilFields(year: 2027, month: 3, day: 27), instant: hours(4), ordinal: 9, key: "old"),
      isReplan: true,
      pending: [
        .init(key: "i2", dueAt: hours(2), queue: "normal", isOwned: false),
        .init(key: "i3", dueAt: hours(4), queue: "normal", isOwned: true),
        .init(key: "i4", dueAt: hours(4), queue: "low", isOwned: false),
        .init(key: "gone", dueAt: hours(1), queue: "normal", isOwned: false),
      ], settled: ["i1"])
    let series =
      [Self.at(hours(-20), 1)]  // settled: whatever its time, it is not sent again
      + [Self.at(hours(2), 2), Self.at(hours(3), 3), Self.at(hours(4), 4), Self.at(hours(5), 5), Self.at(hours(90), 6)]
    let plan = try Self.plan(item, series)
    #expect(plan.withdrawals == ["gone"])
    #expect(plan.moves.map(\.key) == ["i3", "i4"])
    #expect(plan.moves.map(\.dueAt) == [hours(3), hours(4)])
    #expect(plan.moves.map(\.queue) == ["normal", "normal"])
    #expect(plan.events.map(\.key) == ["i5"])
    #expect(plan.cursor?.key == "i5")
    #expect(plan.nextKey == "i6")
  }

  @Test func aReplanDoesNotCallMissedWhatWasNeverWanted() throws {
    let cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2027, month: 3, day: 27), instant: Self.now - .hours(2), ordinal: 1,
      key: "x")
    let plan = try Self.plan(
      Self.item(catchUp: CatchUp(mode: .all, window: nil), cursor: cursor, isReplan: true),
      [Self.at(Self.now - .hours(3), 1), Self.at(Self.now - .hours(1), 2)])
    // The first lies before where the series stood; the second was missed while nothing ran.
    #expect(plan.events.map(\.key) == ["i2"])
  }

  @Test(
    "one occurrence that was over when its schedule began is late; in a pause, or with more behind it, it is left out")
  func theOnlyOccurrenceMayBeBeforeTheStart() throws {
    func planned(takesPast: Bool, _ series: [Occurrence]) throws -> [Timestamp] {
      try Self.plan(Self.item(startAt: Self.now, takesPast: takesPast), series).events.map(\.dueAt)
    }
    let past = Self.now - .hours(1)
    #expect(try planned(takesPast: true, [Self.at(past, 1)]) == [past])
    #expect(try planned(takesPast: false, [Self.at(past, 1)]) == [])
    let next = Self.now + .hours(1)
    #expect(try planned(takesPast: true, [Self.at(past, 1), Self.at(next, 2)]) == [next])
    let long = try Self.plan(Self.item(startAt: Self.now, takesPast: true), [Self.at(Self.now - .hours(48), 1)])
    #expect(long.events.map(\.closedAs?.outcome) == [.skipped])
  }

  @Test func whatIsPausedIsWithdrawn() throws {
    let item = Self.item(
      isReplan: true, isActive: false,
      pending: [.init(key: "a", dueAt: Self.now, queue: "normal", isOwned: true)])
    let plan = try Self.plan(item, [Self.at(Self.now, 1)])
    #expect(plan.withdrawals == ["a"])
    #expect(plan.events.isEmpty && plan.nextDue == nil && plan.cursor == nil)
  }

  @Test(arguments: [
    [at(now, 1), at(now - .hours(1), 2)],
    [at(now, 1), Occurrence(when: .instant(now), ordinal: 2, key: "i1")],
    [at(now, 1), at(now + .hours(1), 2), Occurrence(when: .instant(now + .hours(2)), ordinal: 3, key: "i1")],
    [Occurrence(when: .instant(now), ordinal: 1, key: "with space")],
    [Occurrence(when: .instant(now), ordinal: 1, key: "")],
    [Occurrence(when: .civil(CivilFields(year: 2027, month: 13, day: 1)), ordinal: 1, key: "k")],
    [Occurrence(when: .civil(CivilFields(year: 2027, month: 2, day: 29)), ordinal: 1, key: "k")],
  ])
  func nonsenseOfAnEventTypeIsAnErrorOfThatSchedule(series: [Occurrence]) {
    #expect(throws: PipelineError.self) { try Self.plan(Self.item(startAt: Self.now - .hours(2)), series) }
  }
}
