import EventModel
import Store
import Testing

@testable import Pipeline

/// Cancelling and moving events that an agent owns; pausing and changing schedules.
@Suite struct InterventionTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func anOwnedEventIsCancelledBeforeItIsDue() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    let identity = try await world.insert([world.oneOff("a", dueAt: Self.noon + .seconds(30))])[0]
    await world.settle()
    #expect(world.pipeline.status.loaded == 1)
    let asked = try await world.store.cancel(identity, reason: "no party", actor: .agent, now: world.time.now())
    guard case .asked(let command) = asked else {
      Issue.record("not asked: \(asked)")
      return
    }
    try await world.run(until: Self.noon + .seconds(2), step: .seconds(1))
    #expect(try await world.store.commandAnswer(command) == .done)
    try await world.run(until: Self.noon + .minutes(2))
    #expect(sink.deliveries.isEmpty)
    #expect(world.observed.count(.cancelled) == 1)
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func aCancelDuringTheSendComesTooLate() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { _ in nil }
    try await world.subscribe("hook", to: sink)
    let identity = try await world.insert([world.oneOff("a", dueAt: Self.noon)])[0]
    await world.settle()
    #expect(sink.deliveries.count == 1)
    let asked = try await world.store.cancel(identity, reason: "late", actor: .agent, now: world.time.now())
    guard case .asked(let command) = asked else {
      Issue.record("not asked: \(asked)")
      return
    }
    try await world.run(until: Self.noon + .seconds(2), step: .seconds(1))
    #expect(try await world.store.commandAnswer(command) == .open)
    sink.release()
    await world.settle()
    #expect(try await world.store.commandAnswer(command) == .tooLate(.delivered))
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func anOwnedEventMovesToAnotherTimeAndQueue() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    let identity = try await world.insert([world.oneOff("a", dueAt: Self.noon + .seconds(30))])[0]
    await world.settle()
    let later = Self.noon + .minutes(10)
    _ = try await world.store.move(identity, dueAt: later, queue: "high", actor: .agent, now: world.time.now())
    try await world.run(until: later - .milliseconds(1))
    #expect(sink.deliveries.isEmpty)
    try await world.run(until: later)
    #expect(sink.deliveries.map(\.event.due) == [later])
    #expect(world.observed.settled.last?.queue == "high")
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  @Test func aPersonWhoMovesIsCelebratedOnceAtTheNewPlacesTime() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await Self.putBirthday(world, zone: "Europe/London", hour: "20")
    // At 19:06:40 UTC the event of 20:00 in London is planned; in Paris it was due 400 seconds ago.
    try await world.run(until: Timestamp(seconds: 1_800_040_000))
    #expect(sink.deliveries.isEmpty)
    try await Self.putBirthday(world, zone: "Europe/Paris", hour: "20")
    try await world.run(until: Self.noon + .hours(12))
    #expect(sink.deliveries.map(\.event.due.seconds) == [1_800_039_600])
    #expect(sink.deliveries.map(\.lateness) == [.seconds(400)])
    try await Self.putBirthday(world, zone: "America/New_York", hour: "20")
    try await world.run(until: Self.noon + .hours(48))
    #expect(sink.deliveries.count == 1)
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  @Test func aPausedScheduleWithdrawsWhatIsPlanned() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await Self.putBirthday(world, zone: "Europe/London", hour: "9")
    await world.settle()
    var schedule = try await world.store.schedule(namespace: "default", id: "ada")
    schedule.state = .paused
    try await world.commit(.putSchedule(schedule, .none))
    try await world.run(until: Self.noon + .hours(3))
    #expect(sink.deliveries.isEmpty)
    #expect(world.observed.count(.delivered) == 0)
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func oneScheduleThatCannotBePlannedStopsNoOther() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await Self.putBirthday(world, zone: "Europe/London", hour: "9")
    func bad(
      _ id: String, type: String = "birthday", definition: String = "{\"month\":\"1\",\"day\":\"15\"}",
      zone: String = "UTC"
    ) -> Change {
      .putSchedule(
        Schedule(
          namespace: "default", id: id, userID: nil, eventType: type, definitionJSON: definition, timeZone: zone,
          startAt: Self.noon), .none)
    }
    try await world.commit(
      bad("zone", zone: "Europe/Atlantis"), bad("type", type: "eclipse"), bad("definition", definition: "{}"))
    try await world.run(until: Self.noon + .hours(2))
    #expect(sink.deliveries.count == 1)
    for (id, text) in [("zone", "Atlantis"), ("type", "eclipse"), ("definition", "bad definition")] {
      let schedule = try await world.store.schedule(namespace: "default", id: id)
      #expect(schedule.planError.contains(text), "\(id): \(schedule.planError)")
    }
    await world.close()
  }

  private static func putBirthday(_ world: World, zone: String, hour: String) async throws {
    try await world.commit(
      .putUser(User(namespace: "default", id: "ada", timeZone: zone), .none),
      .putSchedule(
        Schedule(
          namespace: "default", id: "ada", userID: "ada", eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "1", "day": "15", "hour": hour]), startAt: noon), .none))
  }
}
