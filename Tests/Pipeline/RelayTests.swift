import EventModel
import Store
import Synchronization
import Testing

@testable import Pipeline

/// Domain events that subscriptions name become events like any other.
@Suite struct RelayTests {
  static let start = Timestamp(seconds: 1_800_000_000)

  /// Turns the relay and everything else until nothing is left to do.
  private func relay(_ world: World) async throws {
    while try await world.pipeline.relayer.step() > 0 {}
    await world.settle()
  }

  private func putUser(_ id: String, zone: String = "", in world: World) async throws {
    try await world.commit(.putUser(User(namespace: "default", id: id, timeZone: zone), .none))
  }

  private func kinds(_ sink: TestSink) -> [String] { sink.deliveries.map(\.event.type) }

  @Test func aUserThatIsCreatedIsToldToWhomeverSubscribedAndToNobodyElse() async throws {
    let world = try await World(at: Self.start)
    let (sink, other) = (TestSink(), TestSink())
    try await world.subscribe("all", to: other)
    try await putUser("before", in: world)
    try await relay(world)
    try await world.subscribe("hook", to: sink, eventType: "user.created")
    try await putUser("ada", in: world)
    try await relay(world)
    let delivery = try #require(sink.deliveries.first)
    #expect(sink.deliveries.count == 1)
    #expect(delivery.message.title == "User ada was created")
    #expect(FlatJSON.value("user", in: delivery.message.data) == "ada")
    #expect(FlatJSON.value("kind", in: delivery.message.data) == "user.created")
    #expect(FlatJSON.value("at", in: delivery.message.data) == "2027-01-15T08:00:00Z")
    #expect(other.deliveries.isEmpty, "a subscription to all event types names no topic")
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }

  @Test func anEventThatFailedIsToldOnceAndOfItsOwnEventNothingIsTold() async throws {
    let world = try await World(at: Self.start)
    let (broken, sink) = (
      TestSink { DeliveryResult(id: $0.id, verdict: .permanent, code: "gone") },
      TestSink { DeliveryResult(id: $0.id, verdict: .permanent, code: "gone") }
    )
    try await world.subscribe("broken", to: broken, eventType: "notification")
    try await world.subscribe("hook", to: sink, eventType: "event.failed")
    try await world.insert([world.oneOff("doomed", dueAt: Self.start)])
    await world.settle()
    for _ in 0..<3 { try await relay(world) }
    #expect(broken.deliveries.count == 1)
    #expect(kinds(sink) == ["event.failed"], "its own failure makes no other")
    let message = try #require(sink.deliveries.first).message
    #expect(message.title == "A notification event failed")
    #expect(FlatJSON.value("event", in: message.data) == broken.deliveries.first?.event.id)
    #expect(FlatJSON.value("schedule", in: message.data) == "doomed")
    #expect(FlatJSON.value("due", in: message.data) == "2027-01-15T08:00:00Z")
    await world.close()
  }

  @Test func whatIsRelayedAgainAfterACutIsOneEventAllTheSame() async throws {
    let faulty = Mutex<FaultyStore?>(nil)
    let world = try await World(at: Self.start) { base in
      let store = FaultyStore(base)
      faulty.withLock { $0 = store }
      return store
    }
    let sink = TestSink()
    try await world.subscribe("hook", to: sink, eventType: "user.created")
    for index in 0..<30 { try await putUser("user-\(index)", in: world) }
    let store = try #require(faulty.withLock { $0 })
    store.fail(.advance, with: .unavailable)
    await #expect(throws: StoreError.self) { try await world.pipeline.relayer.step() }
    store.fail(.advance, with: nil)
    world.restart()
    try await relay(world)
    #expect(Set(sink.deliveries.map(\.message.title)).count == 30)
    #expect(sink.deliveries.count == 30)
    await world.close()
  }

  @Test func severalAgentsThatRelayAtTheSameTimeMakeOneEvent() async throws {
    let world = try await World(at: Self.start)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink, eventType: "user.created")
    for index in 0..<40 { try await putUser("user-\(index)", in: world) }
    let relayers = (0..<4).map { _ in Relayer(world.pipeline.engine) }
    await withTaskGroup(of: Void.self) { group in
      for relayer in relayers {
        group.addTask {
          do { _ = try await relayer.step() } catch { Issue.record("the relay failed: \(error)") }
        }
      }
    }
    try await relay(world)
    #expect(sink.deliveries.count == 40)
    await world.close()
  }

  @Test func aPersonWhoIsErasedTakesWhatIsToldOfHerAlong() async throws {
    let world = try await World(at: Self.start)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink, eventType: "user.created")
    try await putUser("ada", in: world)
    try await putUser("bob", in: world)
    _ = try await world.store.erase(
      namespace: "default", user: "ada", .none, actor: .agent, dryRun: false, now: world.time.now())
    try await relay(world)
    #expect(sink.deliveries.map(\.message.title) == ["User bob was created"])
    await world.close()
  }

  @Test func aTestRunIsNotTold() async throws {
    let world = try await World(at: Self.start)
    let (plain, sink) = (TestSink(), TestSink())
    try await world.subscribe("plain", to: plain, eventType: "notification")
    try await world.subscribe("hook", to: sink, eventType: "event.completed")
    var trial = world.oneOff("trial", dueAt: Self.start)
    trial.schedule.isTest = true
    try await world.insert([trial, world.oneOff("real", dueAt: Self.start)])
    await world.settle()
    try await relay(world)
    #expect(plain.deliveries.count == 2)
    #expect(sink.deliveries.compactMap { FlatJSON.value("schedule", in: $0.message.data) } == ["real"])
    await world.close()
  }
}
