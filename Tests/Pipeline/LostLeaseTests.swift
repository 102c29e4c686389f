import EventModel
import Store
import Testing

@testable import Pipeline

@Suite struct LostLeaseTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func anAgentThatIsReplacedStopsAndItsOutcomesAreVoid() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink { _ in nil }
    try await world.subscribe("hook", to: sink)
    try await world.insert((0..<10).map { world.oneOff("e\($0)", dueAt: Self.noon + .seconds(Int64($0 / 5) * 3)) })
    await world.settle()
    let old = world.pipeline
    #expect(sink.deliveries.count == 5)
    // The same identity starts elsewhere, and sends what the first one had under way.
    world.restart()
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    await world.settle()
    #expect(sink.deliveries.count == 10)
    // Late answers reach the old one, which finds out that it owns nothing.
    sink.release()
    _ = await old.driver.step()
    _ = await old.recorder.step()
    #expect(old.status.loaded == 5)
    _ = await old.lease.step()
    #expect(old.status.loaded == 0)
    #expect(old.status.lease == nil)
    // It does not take its place back: the two would only fence one another in turns.
    for _ in 0..<3 { #expect(await old.lease.step()) }
    #expect(old.status.lease == nil)
    let reason = try #require(old.status.notReadyReason)
    #expect(reason == "lease not renewed: another process runs as the agent \"test\"")
    try await world.run(until: Self.noon + .seconds(4), step: .seconds(1))
    #expect(sink.deliveries.count == 15)
    try await world.expectAllClosedOnce(rows: 10)
    // The other leaves: the name is free.
    await world.pipeline.lease.release()
    #expect(await old.lease.step())
    #expect(old.status.lease?.epoch == 3 && old.status.isReady)
    await world.close()
  }
}
