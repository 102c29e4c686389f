import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// What is withdrawn before it is due, and wanted again: paused and resumed, changed and changed back.
@Suite struct PauseTests {
  /// Four days before the birthday.
  static let begin = Timestamp(seconds: 1_800_000_000)
  /// 2027-01-19T09:00:00Z.
  static let due = Timestamp(seconds: 1_800_349_200)

  /// Who is paused.
  enum Whom: CaseIterable {
    case schedule
    case user
  }

  private static func world() async throws -> (world: World, sink: TestSink) {
    let world = try await World(at: begin)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(.putUser(User(namespace: "default", id: "ada", timeZone: "UTC"), .none))
    try await put(world)
    return (world, sink)
  }

  private static func put(_ world: World, month: Int = 1, paused: Bool = false) async throws {
    try await world.commit(
      .putSchedule(
        Schedule(
          namespace: "default", id: "ada", userID: "ada", eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "\(month)", "day": "19"]), state: paused ? .paused : .active,
          startAt: begin), .none))
  }

  private static func pause(_ whom: Whom, _ paused: Bool, in world: World) async throws {
    switch whom {
    case .schedule: try await put(world, paused: paused)
    case .user:
      try await world.commit(
        .putUser(User(namespace: "default", id: "ada", timeZone: "UTC", paused: paused), .none))
    }
  }

  /// The one event of the schedule this year.
  private static func event(in world: World) async throws -> [EventSummary] {
    try await world.store.events(
      namespace: "default", filter: EventFilter(scheduleID: "ada", dueBefore: begin + .hours(24 * 10)),
      page: PageRequest(size: 10)
    ).items
  }

  /// Planned, and not yet claimed; claimed and in memory; seconds before it is due.
  static let leads = [TimeSpan.minutes(60), .seconds(40), .seconds(2)]

  @Test(arguments: Whom.allCases, leads)
  func aPauseThatEndsBeforeTheDueTimeLosesNothing(whom: Whom, lead: TimeSpan) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    for isSeen in [true, false] {
      try await Self.pause(whom, true, in: world)
      if isSeen { await world.settle() }
      try await Self.pause(whom, false, in: world)
      await world.settle()
    }
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.map(\.event.due) == [Self.due])
    #expect(sink.deliveries.map(\.lateness) == [.zero])
    #expect(try await Self.event(in: world).map(\.state) == [.completed])
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test(arguments: Whom.allCases, leads)
  func whatFallsIntoAPauseIsNotSentAfterIt(whom: Whom, lead: TimeSpan) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    try await Self.pause(whom, true, in: world)
    try await world.run(until: Self.due + .minutes(30))
    try await Self.pause(whom, false, in: world)
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.isEmpty)
    #expect(try await Self.event(in: world).map(\.state) == [.cancelled])
    // The year after it goes on.
    try await world.run(until: Self.due + .hours(24 * 366), step: .hours(24))
    #expect(sink.deliveries.map(\.event.due) == [Self.due + .hours(24 * 365)])
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func whatFallsIntoAPauseBeforeItIsPlannedIsNotSentAfterIt() async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - .hours(20), step: .hours(1))
    try await Self.pause(.user, true, in: world)
    try await world.run(until: Self.due + .minutes(30), step: .hours(1))
    try await Self.pause(.user, false, in: world)
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.isEmpty)
    try await world.expectAllClosedOnce(rows: 0)
    await world.close()
  }

  @Test(arguments: leads)
  func aDateThatIsChangedAndChangedBackIsCelebratedOnce(lead: TimeSpan) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - lead, step: .hours(1))
    for isSeen in [true, false] {
      try await Self.put(world, month: 7)
      if isSeen { await world.settle() }
      try await Self.put(world)
      await world.settle()
    }
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.map(\.event.due) == [Self.due])
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test(arguments: Whom.allCases)
  func whatAPersonCancelledStaysCancelledThroughAPause(whom: Whom) async throws {
    let (world, sink) = try await Self.world()
    try await world.run(until: Self.due - .minutes(60), step: .hours(1))
    try await Self.pause(whom, true, in: world)
    await world.settle()
    let event = try #require(try await Self.event(in: world).first)
    let result = try await world.store.cancel(
      event.identity, reason: "no cake", actor: .agent, now: world.time.now())
    #expect(result == .done)
    try await Self.pause(whom, false, in: world)
    try await world.run(until: Self.due + .hours(30), step: .hours(1))
    #expect(sink.deliveries.isEmpty)
    #expect(try await Self.event(in: world).map(\.state) == [.cancelled])
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }

  /// One sink takes nothing more while it holds the first event; the other skips both at once, for want of an address.
  @Test(arguments: [true, false]) func aFanOutThatHasBegunDoesNotMove(isRecorded: Bool) async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.begin) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let store = try #require(faulty.withLock { $0 })
    let (busy, mail) = (TestSink { _ in nil }, TestSink())
    try await world.subscribe("busy", to: busy, maximumInFlight: 1)
    try await world.subscribe("mail", to: mail, addressKind: "email")
    try await world.insert([world.oneOff("first", dueAt: Self.begin)])
    await world.settle()
    let identity = try await world.insert([world.oneOff("second", dueAt: Self.begin + .seconds(2))])[0]
    if !isRecorded { store.fail(.record, with: .unavailable) }
    try await world.run(until: Self.begin + .seconds(2), step: .seconds(1))
    let result = try await world.store.move(
      identity, dueAt: Self.begin + .hours(1), queue: nil, actor: .agent, now: world.time.now())
    // What the store does not know yet, the owner does.
    if isRecorded { #expect(result == .settled(.skipped)) } else { #expect(result == .asked(command: 1)) }
    await world.settle()
    store.fail(.record, with: nil)
    busy.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    busy.release()
    try await world.run(until: Self.begin + .hours(2))
    #expect(busy.deliveries.count == 2)
    #expect(world.observed.count(.skipped) == 2)
    #expect(world.observed.count(.moved) == 0)
    if !isRecorded { #expect(try await world.store.commandAnswer(1) == .tooLate(.delivered)) }
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }
}
