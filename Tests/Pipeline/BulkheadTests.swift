import EventModel
import Store
import Testing

@testable import Pipeline

/// One bad endpoint holds up nobody but itself; over a real store, on a manual clock.
@Suite struct BulkheadTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  /// Users with an address each, `hook-N`.
  private func users(_ count: Int, in world: World) async throws {
    try await world.commit(
      (0..<count).map {
        .putUser(User(namespace: "default", id: "u\($0)", addresses: ["webhook": "hook-\($0)"]), .none)
      })
  }

  private func change(_ world: World, _ body: (inout SinkLimits) -> Void) async throws {
    var sink = try await world.store.sink(namespace: "default", name: "hook")
    body(&sink.limits)
    try await world.commit(.putSink(sink, .none))
    try await world.pipeline.refreshSettings()
  }

  @Test func firstSendsTakeNoPlacesOfTheOthers() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { delivery in
      delivery.endpoint == "hook-0" ? DeliveryResult(id: delivery.id, verdict: .delivered) : nil
    }
    try await world.subscribe("hook", to: sink, addressKind: "webhook", maximumInFlight: 10)
    try await users(40, in: world)
    try await world.insert((1..<40).map { world.oneOff("e\($0)", dueAt: Self.noon, user: "u\($0)") })
    await world.settle()
    #expect(sink.deliveries.count == 39, "nobody has heard from them: all are tried, beyond the sink's ten places")
    try await world.insert([world.oneOff("good", dueAt: Self.noon, user: "u0")])
    await world.settle()
    #expect(world.observed.count(.delivered) == 1)
    sink.release()
    await world.settle()
    try await world.expectAllClosedOnce(rows: 40)
    await world.close()
  }

  @Test func hangingEndpointsHoldOnePlaceEachAndTheOthersAreServed() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { delivery in
      delivery.endpoint.hasSuffix("bad") ? nil : DeliveryResult(id: delivery.id, verdict: .delivered)
    }
    try await world.subscribe("hook", to: sink, addressKind: "webhook", maximumInFlight: 100)
    try await world.commit(
      (0..<100).map {
        .putUser(
          User(namespace: "default", id: "u\($0)", addresses: ["webhook": "h\($0)-\($0 % 2 == 0 ? "bad" : "good")"]),
          .none)
      })
    // Five for each; the bad ones first.
    var oneOffs: [OneOff] = []
    for round in 0..<5 {
      for user in (0..<100).sorted(by: { ($0 % 2, $0) < ($1 % 2, $1) }) {
        oneOffs.append(world.oneOff("e\(round)-\(user)", dueAt: Self.noon, user: "u\(user)"))
      }
    }
    try await world.insert(oneOffs)
    try await world.run(until: Self.noon + .milliseconds(500), step: .milliseconds(50))
    #expect(sink.deliveries.count { $0.endpoint.hasSuffix("bad") } == 50, "one each")
    #expect(world.observed.count(.delivered) == 250, "all of the others")
    try await world.run(until: Self.noon + .seconds(3), step: .milliseconds(250))
    let status = try #require(world.pipeline.status.sinks.first)
    #expect(status.slow == 50)
    #expect(status.waiting == 200)
    #expect(sink.deliveries.count { $0.endpoint.hasSuffix("bad") } == 50, "no second call to one that hangs")
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    sink.release()
    try await world.run(until: Self.noon + .seconds(5), step: .milliseconds(250))
    #expect(world.observed.count(.delivered) == 500)
    try await world.expectAllClosedOnce(rows: 500)
    await world.close()
  }

  @Test func anEndpointWhoseCircuitIsOpenIsDeferredAndTheSinkGoesOn() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { delivery in
      let verdict: DeliveryResult.Verdict = delivery.endpoint == "hook-0" ? .retry : .delivered
      return DeliveryResult(id: delivery.id, verdict: verdict, code: "http-503")
    }
    try await world.subscribe("hook", to: sink, addressKind: "webhook")
    try await users(2, in: world)
    try await change(world) { $0.endpoint.breaker.fewestCalls = 3 }
    try await world.insert((0..<20).map { world.oneOff("e\($0)", dueAt: Self.noon, user: "u\($0 % 2)") })
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(250))
    #expect(sink.deliveries.count { $0.endpoint == "hook-0" } == 3)
    #expect(sink.deliveries.count { $0.endpoint == "hook-1" } == 10)
    #expect(world.observed.settled.count { $0.code == "circuit-open" && $0.outcome == .deferred } == 7)
    let status = try #require(world.pipeline.status.sinks.first)
    #expect(status.circuit == "closed", "its sink's own circuit stays closed")
    #expect(status.openEndpoints == 1)
    let told = try await world.store.changes(
      namespace: "default", kinds: [.sinkCircuitOpened], after: "", limit: 10
    ).items
    #expect(told.map(\.sink) == ["hook"])
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    try await world.run(until: Self.noon + .minutes(10), step: .seconds(5))
    #expect(world.observed.count(.delivered) == 20)
    #expect(sink.deliveries.allSatisfy { $0.attempt <= 2 }, "a deferral costs no attempt")
    await world.close()
  }

  @Test func theRateOfASinkIsKeptAndChangesLive() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await change(world) { $0.ratePerSecond = 10 }
    try await world.insert((0..<100).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(3), step: .milliseconds(100))
    #expect((35...41).contains(sink.deliveries.count), "a second's worth at once, then ten a second")
    try await change(world) { $0.ratePerSecond = nil }
    try await world.run(until: Self.noon + .seconds(4), step: .milliseconds(100))
    #expect(sink.deliveries.count == 100)
    try await world.expectAllClosedOnce(rows: 100)
    await world.close()
  }

  @Test func anEventForASinkThatWasMadeAMomentAgoFindsIt() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    await world.settle()
    world.plugins.put(sink, named: "new")
    try await world.commit(
      .putSink(Sink(namespace: "default", name: "new", plugin: "test", configurationJSON: "{}"), .none))
    var oneOff = world.oneOff("a", dueAt: Self.noon)
    oneOff.sink = "new"
    try await world.insert([oneOff])
    // Before the lease is renewed, which would tell.
    for _ in 0..<10 { _ = await world.pipeline.turn() }
    #expect(sink.deliveries.count == 1)
    await world.close()
  }

  @Test func whatIsTooMuchToWaitIsDeferred() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { _ in nil }
    try await world.subscribe("hook", to: sink, maximumInFlight: 1)
    try await change(world) { $0.maximumWaiting = 5 }
    try await world.insert((0..<20).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    await world.settle()
    #expect(world.pipeline.status.sinks.first?.waiting == 4, "and one is under way")
    #expect(world.observed.settled.count { $0.code == "sink-busy" } == 15)
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    sink.release()
    try await world.run(until: Self.noon + .minutes(5), step: .milliseconds(500))
    #expect(world.observed.count(.delivered) == 20)
    await world.close()
  }
}

/// Addresses that are gone, or seem to be.
@Suite struct GoneTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func theOnlyAddressOfASinkIsGoneWithItsFirst410AndWhatWaitsIsKept() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .endpointDisabled, code: "http-410") }
    try await world.subscribe("hook", to: sink, maximumInFlight: 1)
    try await world.insert((0..<5).map { world.oneOff("e\($0)", dueAt: Self.noon) })
    try await world.run(until: Self.noon + .seconds(2))
    #expect(sink.deliveries.count == 1)
    #expect(world.observed.count(.dead) == 1)
    #expect(world.observed.settled.count { $0.code == "sink-disabled" && $0.outcome == .deferred } == 4)
    var stored = try await world.store.sink(namespace: "default", name: "hook")
    #expect(stored.disabledReason == "http-410")
    let told = try await world.store.changes(namespace: "default", kinds: [.sinkDisabled], after: "", limit: 10).items
    #expect(told.map(\.detail) == ["http-410"])
    // A person helps.
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    stored.disabledReason = nil
    try await world.commit(.putSink(stored, .none))
    try await world.pipeline.refreshSettings()
    try await world.run(until: Self.noon + .hours(1), step: .minutes(1))
    #expect(world.observed.count(.delivered) == 4)
    #expect(sink.deliveries.allSatisfy { $0.attempt == 1 })
    await world.close()
  }

  @Test(arguments: ["endpoint-fault-401", "endpoint-fault-403", "endpoint-fault-404"])
  func tooManyFaultsInARowDisableASinkAndASuccessBetweenThemDoesNot(code: String) async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { delivery in
      // The fifth succeeds.
      delivery.event.occurrenceKey == "e04"
        ? DeliveryResult(id: delivery.id, verdict: .delivered)
        : DeliveryResult(id: delivery.id, verdict: .permanent, code: code)
    }
    try await world.subscribe("hook", to: sink, maximumInFlight: 1)
    try await world.insert(
      (0..<20).map { world.oneOff("e\($0 < 10 ? "0" : "")\($0)", dueAt: Self.noon + .milliseconds(Int64($0))) })
    try await world.run(until: Self.noon + .seconds(2), step: .milliseconds(50))
    #expect(sink.deliveries.count == 15, "four, a success, ten")
    #expect(world.pipeline.status.sinks.first?.disabledReason?.hasPrefix("10 times in a row: \(code)") == true)
    await world.close()
  }

  @Test func aUsersAddressIsGivenUpAndAnotherOneOfTheirsIsNot() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { delivery in
      delivery.endpoint == "old"
        ? DeliveryResult(id: delivery.id, verdict: .endpointDisabled, code: "http-410")
        : DeliveryResult(id: delivery.id, verdict: .delivered)
    }
    try await world.subscribe("hook", to: sink, addressKind: "webhook")
    var ada = User(namespace: "default", id: "ada", addresses: ["webhook": "old"])
    try await world.commit(
      .putUser(ada, .none), .putUser(User(namespace: "default", id: "bob", addresses: ["webhook": "b"]), .none))
    try await world.insert([world.oneOff("a1", dueAt: Self.noon, user: "ada")])
    await world.settle()
    try await world.insert([
      world.oneOff("a2", dueAt: Self.noon, user: "ada"), world.oneOff("b", dueAt: Self.noon, user: "bob"),
    ])
    try await world.run(until: Self.noon + .seconds(1))
    #expect(sink.deliveries.map(\.endpoint).sorted() == ["b", "old"])
    #expect(world.observed.settled.count { $0.code == "endpoint-disabled" && $0.outcome == .deferred } == 1)
    let gone = try await world.store.goneEndpoints()
    #expect(gone.map(\.userID) == ["ada"])
    #expect(gone.map(\.reason) == ["http-410"])
    #expect(try await world.store.sink(namespace: "default", name: "hook").disabledReason == nil)
    // It holds after a restart, and not for another address.
    world.restart()
    await world.settle()
    ada.addresses = ["webhook": "new"]
    try await world.commit(.putUser(ada, .none))
    try await world.run(until: Self.noon + .hours(1), step: .minutes(1))
    #expect(sink.deliveries.map(\.endpoint).sorted() == ["b", "new", "old"])
    try await world.commit(.enableEndpoint(namespace: "default", sink: "hook", user: "ada"))
    #expect(try await world.store.goneEndpoints().isEmpty)
    await world.close()
  }
}
