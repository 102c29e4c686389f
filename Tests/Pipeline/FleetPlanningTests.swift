import EventModel
import Store
import Testing

@testable import Pipeline

/// Planning without a leader.
@Suite struct FleetPlanningTests {
  static let noon = Timestamp(seconds: 1_800_000_000)

  private func people(_ count: Int, in fleet: Fleet) async throws {
    let changes = (0..<count).map { index in
      Change.putSchedule(
        Schedule(
          namespace: "default", id: "s\(index)", userID: nil, eventType: "birthday",
          // 15 January 2027, 09:00 UTC: within the horizon of two hours.
          definitionJSON: FlatJSON.object(["month": "1", "day": "15", "hour": "9"]), startAt: Self.noon), .none)
    }
    _ = try await fleet.store.commit(changes, actor: .agent, dryRun: false, now: Self.noon)
  }

  private func planned(_ member: Fleet.Member) -> (schedules: Int, events: Int) {
    member.observed.all.reduce(into: (0, 0)) { sum, event in
      if case .planned(let schedules, let events, _, _) = event { sum = (sum.0 + schedules, sum.1 + events) }
    }
  }

  @Test("live agents plan apart: each schedule is looked at by one of them")
  func apart() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    await fleet.run(until: Self.noon + .seconds(1), a, b)
    try await people(100, in: fleet)
    await fleet.run(until: Self.noon + .seconds(5), a, b)
    #expect(planned(a) == (50, 50))
    #expect(planned(b) == (50, 50))
    await fleet.close()
  }

  @Test("what falls to an agent that does not plan is planned by another")
  func hanging() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    await fleet.run(until: Self.noon + .seconds(1), a, b)
    a.store.fail(.plan, with: .unavailable)
    try await people(100, in: fleet)
    await fleet.run(until: Self.noon + .seconds(10), a, b)
    #expect(planned(b).events == 50)
    await fleet.run(until: Self.noon + .seconds(2) + PlanningShare.patience, a, b)
    #expect(planned(a).events == 0 && planned(b).events == 100)
    await fleet.close()
  }

  @Test("what falls to a silent agent is planned by the others when its lease ends")
  func silent() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    await fleet.run(until: Self.noon + .seconds(1), a, b)
    try await people(100, in: fleet)
    await fleet.run(until: Self.noon + .seconds(3) + Fleet.lease, b)
    #expect(planned(b).events == 100)
    await fleet.close()
  }

  @Test("agents that disagree on their places plan nothing twice")
  func disagreeing() async throws {
    let fleet = try await Fleet(at: Self.noon)
    let (a, b) = (try fleet.agent("a"), try fleet.agent("b"))
    await fleet.settle(a, b)
    try await people(100, in: fleet)
    // Both believe to be alone.
    for member in [a, b] {
      member.pipeline.engine.withLease { _ = $0.placed(rank: 0, among: 1) }
    }
    async let first = a.pipeline.planner.pass()
    async let second = b.pipeline.planner.pass()
    _ = try await (first, second)
    await fleet.run(until: Self.noon + .hours(1), a, b)
    #expect(a.sent.count + b.sent.count == 100)
    try await fleet.expectAllClosedOnce(rows: 100)
    await fleet.close()
  }
}
