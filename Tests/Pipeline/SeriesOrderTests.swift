import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// Near a gap and in a fold, the order of local times is not the order of instants; everything is planned all the same,
/// and on time.
@Suite struct SeriesOrderTests {
  /// London, 2027: at 01:00Z on 28 March 01:00 becomes 02:00; at 01:00Z on 31 October 02:00 becomes 01:00.
  static let spring = Timestamp(seconds: 1_806_195_600)
  static let autumn = Timestamp(seconds: 1_824_944_400)

  static let springDay = Series.day(3, 28, at: ["00:30", "01:15", "01:45", "02:00", "02:10", "02:50", "03:00"])
  static let autumnDay = Series.day(10, 31, at: ["00:30", "01:15", "01:45", "02:00", "02:10"])

  /// When each is due by the rules of the schedule, in minutes from the change.
  static let springTable: [(GapRule, [String: [Int64]])] = [
    (
      .shiftForward,
      ["00:30": [-30], "01:15": [15], "01:45": [45], "02:00": [0], "02:10": [10], "02:50": [50], "03:00": [60]]
    ),
    (.skip, ["00:30": [-30], "01:15": [], "01:45": [], "02:00": [0], "02:10": [10], "02:50": [50], "03:00": [60]]),
  ]
  static let autumnTable: [(FoldRule, [String: [Int64]])] = [
    (.first, ["00:30": [-90], "01:15": [-45], "01:45": [-15], "02:00": [60], "02:10": [70]]),
    (.second, ["00:30": [-90], "01:15": [15], "01:45": [45], "02:00": [60], "02:10": [70]]),
    (.both, ["00:30": [-90], "01:15": [-45, 15], "01:45": [-15, 45], "02:00": [60], "02:10": [70]]),
  ]

  /// Plans minute by minute with a horizon of some minutes, from before the change on or from any minute near it.
  private static func sent(
    _ series: [Occurrence], _ item: PlanningItem, around change: Timestamp, horizon: TimeSpan
  ) throws -> [String: Timestamp] {
    var schedule = try OneSchedule(item)
    var now = item.startAt
    while now < change + .hours(2) {
      schedule.send(now: now, since: now)
      try schedule.plan({ Series(occurrences: series).next($0) }, now: now, horizon: horizon)
      schedule.send(now: now, since: now)
      now = now + .minutes(1)
    }
    return schedule.rows.compactMapValues { if case .sent(let at) = $0 { at } else { nil } }
  }

  private static func expected(
    _ table: [String: [Int64]], around change: Timestamp, from start: Timestamp
  ) -> [String: Timestamp] {
    var expected: [String: Timestamp] = [:]
    for (key, minutes) in table {
      for (index, minute) in minutes.enumerated() where change + .minutes(minute) >= start {
        expected[index == 0 ? key : key + "+fold"] = change + .minutes(minute)
      }
    }
    return expected
  }

  @Test(arguments: springTable.indices, [Int64(1), 7, 20, 120])
  func nearAGapEachIsPlannedOnTime(row: Int, horizon: Int64) throws {
    for start in stride(from: Int64(-120), through: 60, by: 5) {
      let from = Self.spring + .minutes(start)
      let (rule, table) = Self.springTable[row]
      let sent = try Self.sent(
        Self.springDay, PlanMakerTests.item(gap: rule, startAt: from), around: Self.spring, horizon: .minutes(horizon))
      #expect(sent == Self.expected(table, around: Self.spring, from: from), "from minute \(start)")
    }
  }

  @Test(arguments: autumnTable.indices, [Int64(1), 7, 20, 120])
  func inAFoldEachIsPlannedOnTime(row: Int, horizon: Int64) throws {
    for start in stride(from: Int64(-120), through: 60, by: 5) {
      let from = Self.autumn + .minutes(start)
      let (rule, table) = Self.autumnTable[row]
      let sent = try Self.sent(
        Self.autumnDay, PlanMakerTests.item(fold: rule, startAt: from), around: Self.autumn, horizon: .minutes(horizon))
      #expect(sent == Self.expected(table, around: Self.autumn, from: from), "from minute \(start)")
    }
  }

  /// A reminder by its rule at a local time, and by RDATE at an instant: put in order by either.
  @Test(arguments: [true, false], [Int64(1), 30, 120])
  func localTimesAndInstantsMayBeMixed(isByInstant: Bool, horizon: Int64) throws {
    let instants = [-40, 5, 20, 40].map {
      Occurrence(when: .instant(Self.spring + .minutes($0)), ordinal: 1, key: "i\($0)")
    }
    // 01:45 is shifted to 45 minutes after the change; 02:10 follows by the clock, and i20 by either.
    let byClock = ["00:10": -50, "01:45": 45, "02:10": 10, "02:50": 50] as [String: Int64]
    let civil = Series.day(3, 28, at: ["00:10", "01:45", "02:10", "02:50"])
    let order: [String] =
      isByInstant
      ? ["00:10", "i-40", "i5", "02:10", "i20", "i40", "01:45", "02:50"]
      : ["00:10", "i-40", "01:45", "i5", "02:10", "i20", "i40", "02:50"]
    let all = order.compactMap { key in (instants + civil).first { $0.key == key } }
    var table = byClock.mapValues { [$0] }
    for minute in [Int64(-40), 5, 20, 40] { table["i\(minute)"] = [minute] }
    let from = Self.spring - .hours(2)
    let sent = try Self.sent(
      all, PlanMakerTests.item(startAt: from), around: Self.spring, horizon: .minutes(horizon))
    #expect(sent == Self.expected(table, around: Self.spring, from: from))
  }

  @Test func aPreviewIsInOrderOfTheInstants() async throws {
    let plugins = TestPlugins(types: ["series": SeriesType(series: Series(occurrences: Self.springDay))])
    let world = try await World(at: Self.spring - .hours(2), plugins: plugins)
    let schedule = Schedule(
      namespace: "default", id: "s", userID: nil, eventType: "series", definitionJSON: "{}", timeZone: "Europe/London",
      startAt: Self.spring - .hours(2))
    for after in [Int64(-120), -10, 5, 20] {
      for count in 1...7 {
        let from = Self.spring + .minutes(after)
        let found = try await world.pipeline.preview(schedule, user: nil, after: from, count: count)
        let expected = Self.expected(Self.springTable[0].1, around: Self.spring, from: from)
          .sorted { $0.value < $1.value }.prefix(count)
        #expect(found.map(\.dueAt) == expected.map(\.value))
        #expect(found.map(\.key) == expected.map(\.key))
      }
    }
    await world.close()
  }
}

/// The event type of a series.
struct SeriesType: EventTypePort {
  var series: Series
  var wording = BuiltInWording.none
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { .success(series.next($0)) }
  }
  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    events.map { event in
      event.occurrenceKey == "i5"
        ? .failure(PortError(.invalid, "no words for i5"))
        : .success(Message(title: event.occurrenceKey, text: event.templatesJSON))
    }
  }
}
