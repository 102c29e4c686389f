import EventModel
import Store
import Testing

@testable import Pipeline

/// Exceptions over a real store: said before or after the occurrence is planned, and in memory.
@Suite struct ExceptionFlowTests {
  /// Four days before the birthday, which is at 2027-01-19T09:00:00Z.
  static let begin = PauseTests.begin
  static let due = PauseTests.due
  static let key = "2027-01-19"

  private static func world() async throws -> (world: World, sink: TestSink) {
    let world = try await World(at: begin)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      .putSchedule(
        Schedule(
          namespace: "default", id: "ada", userID: nil, eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "1", "day": "19"]), timeZone: "UTC", startAt: begin), .none))
    return (world, sink)
  }

  private static func say(_ action: OccurrenceException.Action, in world: World) async throws {
    try await world.commit(
      .putException(namespace: "default", schedule: "ada", OccurrenceException(key: key, action: action)))
  }

  /// Long before it is planned, planned, claimed, and seconds before it is due.
  static let leads = [TimeSpan.hours(24), .minutes(60), .seconds(40), .seconds(2)]

  /// By how many minutes it is moved.
  static let shifts: [Int64] = [-30, 45, 72 * 60]

  @Test(arguments: leads, shifts) func aMovedOccurrenceIsSentOnceAtItsNewTime(
    lead: TimeSpan, minutes: Int64
  ) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    let moved = Self.due + .minutes(minutes)
    let day = UInt8(19 + (9 * 60 + minutes) / 1_440)
    let minute = (9 * 60 + minutes) % 1_440
    try await Self.say(
      .move(
        to: CivilFields(
          year: 2027, month: 1, day: day, hour: UInt8(minute / 60), minute: UInt8(minute % 60))), in: world)
    // Once more for what its owner is asked.
    await world.settle()
    await world.settle()
    let now = world.time.now()
    try await world.run(until: Self.due + .hours(100), step: .hours(1))
    #expect(sink.deliveries.map(\.event.due) == [moved])
    #expect(sink.deliveries.map(\.event.occurrenceKey) == [Self.key])
    // Moved to the past, it is late.
    #expect(sink.deliveries.map(\.lateness) == [max(now - moved, .zero)])
    // The year after it is where it was.
    try await world.run(until: Self.due + .hours(24 * 366), step: .hours(24))
    #expect(sink.deliveries.map(\.event.due) == [moved, Self.due + .hours(24 * 365)])
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test(arguments: leads) func aSkippedOccurrenceIsNotSent(lead: TimeSpan) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    try await Self.say(.skip, in: world)
    // As the control plane does, when it is planned already.
    let planned = try await world.store.events(
      namespace: "default", filter: EventFilter(scheduleID: "ada"), page: PageRequest(size: 10))
    for event in planned.items {
      _ = try await world.store.cancel(event.identity, reason: "skipped", actor: .agent, now: world.time.now())
    }
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.isEmpty)
    let codes = world.observed.settled.map(\.code)
    #expect(codes.allSatisfy { $0 == SkipReason.requested.rawValue })
    try await world.expectAllClosedOnce(rows: 1)
    try await world.run(until: Self.due + .hours(24 * 366), step: .hours(24))
    #expect(sink.deliveries.map(\.event.due) == [Self.due + .hours(24 * 365)])
    await world.close()
  }

  @Test(arguments: leads) func aMoveThatIsTakenBackLeavesNothing(lead: TimeSpan) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    for day in [UInt8(20), 21] {
      try await Self.say(.move(to: CivilFields(year: 2027, month: 1, day: day, hour: 9)), in: world)
      await world.settle()
    }
    try await world.commit(.deleteException(namespace: "default", schedule: "ada", key: Self.key))
    try await world.run(until: Self.due + .hours(100), step: .hours(1))
    #expect(sink.deliveries.map(\.event.due) == [Self.due])
    #expect(sink.deliveries.map(\.lateness) == [.zero])
    try await world.expectAllClosedOnce()
    await world.close()
  }
}
