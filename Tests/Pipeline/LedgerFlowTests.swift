import EventModel
import Store
import Testing

@testable import Pipeline

@Suite struct LedgerFlowTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  @Test func anEventIsSentWhenItIsDueAndNeverBefore() async throws {
    let world = try await World(at: Self.noon)
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    let due = Self.noon + .seconds(90) + .milliseconds(3)
    try await world.insert([world.oneOff("a", dueAt: due)])
    try await world.run(until: due - TimeSpan(microseconds: 1))
    #expect(sink.deliveries.isEmpty)
    try await world.run(until: due)
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["a"])
    #expect(sink.deliveries.map(\.attempt) == [1])
    #expect(sink.deliveries.map(\.lateness) == [.zero])
    await world.settle()
    try await world.expectAllClosedOnce(rows: 1)
    await world.close()
  }
}
