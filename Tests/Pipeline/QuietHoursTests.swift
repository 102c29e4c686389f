import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// Deliveries that wait for the morning of the person they are for.
@Suite struct QuietHoursFlowTests {
  /// 2027-01-15T08:00:00Z: 03:00 in New York, 09:00 in Berlin, 17:00 in Tokyo.
  static let start = Timestamp(seconds: 1_800_000_000)

  private func world(_ sink: TestSink) async throws -> World {
    let world = try await World(at: Self.start)
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      .putSubscription(
        Subscription(
          namespace: "default", id: "hook", eventType: "*", sink: "hook",
          quietHours: try QuietHours(from: "22:00", until: "07:30")), .none))
    for (id, zone) in [("ny", "America/New_York"), ("berlin", "Europe/Berlin")] {
      try await world.commit(.putUser(User(namespace: "default", id: id, timeZone: zone), .none))
    }
    try await world.pipeline.refreshSettings()
    return world
  }

  @Test func whatFallsDueAtNightIsSentInTheMorningOnceAndWithNoAttemptLost() async throws {
    let sink = TestSink()
    let world = try await world(sink)
    try await world.insert([
      world.oneOff("ny", dueAt: Self.start, user: "ny"), world.oneOff("berlin", dueAt: Self.start, user: "berlin"),
      world.oneOff("nobody", dueAt: Self.start),
    ])
    try await world.run(until: Self.start + .seconds(1))
    #expect(sink.deliveries.map(\.event.occurrenceKey).sorted() == ["berlin", "nobody"])
    #expect(world.observed.settled.filter { $0.outcome == .deferred }.map(\.code) == ["quiet-hours"])
    // 07:30 in New York.
    let morning = Self.start + .minutes(270)
    try await world.run(until: morning - TimeSpan(microseconds: 1), step: .minutes(30))
    #expect(sink.deliveries.count == 2)
    try await world.run(until: morning + .seconds(1))
    #expect(sink.deliveries.map(\.event.occurrenceKey).last == "ny")
    #expect(sink.deliveries.last?.attempt == 1)
    #expect(sink.deliveries.last?.lateness == .minutes(270))
    try await world.expectAllClosedOnce(rows: 4)
    await world.close()
  }

  @Test func aRetryWaitsForTheMorningToo() async throws {
    let sink = TestSink { DeliveryResult(id: $0.id, verdict: .retry, retryAfter: .hours(14), code: "http-503") }
    let world = try await world(sink)
    try await world.insert([world.oneOff("b", dueAt: Self.start, user: "berlin")])
    try await world.run(until: Self.start + .seconds(1))
    #expect(sink.deliveries.count == 1)
    sink.answer { DeliveryResult(id: $0.id, verdict: .delivered) }
    // 23:00 in Berlin; the next 07:30 is at 06:30 UTC.
    try await world.run(until: Self.start + .hours(22) + .minutes(29), step: .minutes(30))
    #expect(sink.deliveries.count == 1)
    try await world.run(until: Self.start + .hours(22) + .minutes(31), step: .minutes(1))
    #expect(sink.deliveries.map(\.attempt) == [1, 2])
    await world.close()
  }

  @Test func aTestDoesNotWait() async throws {
    let sink = TestSink()
    let world = try await world(sink)
    var oneOff = world.oneOff("ny", dueAt: Self.start, user: "ny")
    oneOff.schedule.isTest = true
    try await world.insert([oneOff])
    try await world.run(until: Self.start + .seconds(1))
    #expect(sink.deliveries.count == 1)
    await world.close()
  }

  /// Quiet until 02:30, on the days when Berlin's clocks skip it, and show it twice.
  @Test(arguments: [
    // 2027-03-28: 02:30 does not exist; it is 03:30 CEST, 01:30 UTC.
    ("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z"),
    // 2027-10-31: the first 02:30 is CEST, 00:30 UTC.
    ("2027-10-31T00:00:00Z", "2027-10-31T00:30:00Z"),
    // After it the clocks go back into the quiet hours: the second 02:30, 01:30 UTC.
    ("2027-10-31T01:15:00Z", "2027-10-31T01:30:00Z"),
  ])
  func theEndIsFoundWhereTheClocksChange(_ now: String, _ end: String) throws {
    let rules = try #require(World.zones).zone(named: "Europe/Berlin")
    let quiet = try QuietHours(from: "22:00", until: "02:30")
    let found = try QuietTime.end(of: quiet, by: rules, now: Self.instant(now))
    #expect(try found == Self.instant(end))
  }

  private static func instant(_ text: String) throws -> Timestamp {
    let civil = try CivilDateTime(text.dropLast())
    let utc = try #require(World.zones).zone(named: "UTC")
    return Timestamp(seconds: try #require(utc.instant(of: civil).first).seconds)
  }
}
