import EventModel
import Store
import Testing

@testable import Pipeline

/// What fell due while nobody worked: found by whoever starts, with its lateness, and handled by its catch-up policy.
@Suite struct FleetRecoveryTests {
  /// 2027-01-15T08:00:00Z.
  static let start = Timestamp(seconds: 1_800_000_000)

  private func outcome(of schedule: String, in fleet: Fleet) async throws -> [String] {
    let filter = EventFilter(scheduleID: schedule)
    let events = try await fleet.store.events(namespace: "default", filter: filter, page: PageRequest(size: 10)).items
    var steps: [String] = []
    for event in events {
      for step in try await fleet.store.history(namespace: "default", identity: event.identity) {
        if case .receipt(let outcome, let code, let detail, _, _, _, _) = step.kind {
          steps.append("\(outcome.rawValue) \(code) \(detail)".trimmingSuffix(while: { $0 == " " }))
        }
      }
    }
    return steps
  }

  static let policies: [(String, CatchUp, String)] = [
    ("all", CatchUp(mode: .all, window: nil), "delivered"),
    ("latest", CatchUp(mode: .latest, window: .hours(24)), "delivered"),
    ("narrow", CatchUp(mode: .latest, window: .hours(1)), "skipped outside-catch-up-window missed by 7200 s"),
    ("never", CatchUp(mode: .skip, window: nil), "skipped missed missed by 7200 s"),
  ]

  @Test("events that were planned, and that the whole fleet left, are taken up by agents of other names")
  func planned() async throws {
    let fleet = try await Fleet(at: Self.start)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    let due = Self.start + .minutes(10)
    for (id, policy, _) in Self.policies {
      try await fleet.insert(id, dueAt: due, catchUp: policy)
    }
    // One of them dies with everything claimed; the other before that.
    await fleet.run(until: Self.start + .minutes(9) + .seconds(30), a, b)
    #expect(a.pipeline.status.loaded + b.pipeline.status.loaded == Self.policies.count)
    fleet.time.advance(by: due + .hours(2) - fleet.time.now())
    let (c, d) = (try fleet.agent("c"), try fleet.agent("d"))
    await fleet.settle(c, d)
    for (id, _, expected) in Self.policies {
      #expect(try await outcome(of: id, in: fleet) == [expected], "\(id)")
    }
    #expect((c.sink.deliveries + d.sink.deliveries).map(\.lateness) == [.hours(2), .hours(2)])
    #expect(a.sent.isEmpty && b.sent.isEmpty)
    try await fleet.expectAllClosedOnce(rows: Self.policies.count)
    await fleet.close()
  }

  @Test("occurrences that nobody planned in time are found, and sent late or skipped with the reason")
  func unplanned() async throws {
    let fleet = try await Fleet(at: Self.start)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    // 12:00 UTC on that day; planned ahead by two hours only.
    let definition = FlatJSON.object(["month": "1", "day": "15", "hour": "12"])
    let changes = Self.policies.map { id, policy, _ in
      Change.putSchedule(
        Schedule(
          namespace: "default", id: id, userID: nil, eventType: "birthday", definitionJSON: definition,
          catchUp: policy, startAt: Self.start), .none)
    }
    _ = try await fleet.store.commit(changes, actor: .agent, dryRun: false, now: Self.start)
    await fleet.run(until: Self.start + .minutes(1), a, b)
    fleet.time.advance(by: Self.start + .hours(6) - fleet.time.now())
    let (c, d) = (try fleet.agent("c"), try fleet.agent("d"))
    await fleet.settle(c, d)
    await fleet.run(until: fleet.time.now() + .seconds(20), c, d)
    for (id, _, expected) in Self.policies {
      #expect(try await outcome(of: id, in: fleet) == [expected], "\(id)")
    }
    let lateness = (c.sink.deliveries + d.sink.deliveries).map(\.lateness)
    #expect(lateness.count == 2 && lateness.allSatisfy { $0 >= .hours(2) && $0 <= .hours(2) + .seconds(20) })
    try await fleet.expectAllClosedOnce(rows: Self.policies.count)
    await fleet.close()
  }

  @Test("what is owed by an agent that never comes back is found while others work, at any time")
  func meanwhile() async throws {
    let fleet = try await Fleet(at: Self.start)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    await fleet.run(until: Self.start + .seconds(5), a, b)
    // Retries and what is far ahead: rows of all kinds are left behind.
    a.sink.answer { DeliveryResult(id: $0.id, verdict: .retry, code: "http-500") }
    try await fleet.insert(50, dueAt: Self.start + .seconds(6), prefix: "retried")
    try await fleet.insert(50, dueAt: Self.start + .seconds(70), prefix: "later")
    await fleet.run(until: Self.start + .seconds(12), a, b)
    let silent = Self.start + .seconds(12)
    await fleet.run(until: silent + .minutes(3), b)
    try await fleet.expectAllClosedOnce(rows: 100 + a.observed.count(.retry))
    #expect(a.observed.count(.retry) > 0)
    #expect(Set(b.sink.deliveries.map(\.event.occurrenceKey)).count == 100)
    await fleet.close()
  }
}

extension String {
  fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isDropped(last) { text.removeLast() }
    return text
  }
}
