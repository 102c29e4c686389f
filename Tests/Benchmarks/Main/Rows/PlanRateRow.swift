import AgentHarness
import ControlAPI
import Glibc
import SwiftProtobuf

/// `plan-rate`: 200,000 birthdays, imported while they are beyond the horizon, come within it at once.
@Sendable func planRate() async throws -> Row {
  let trial = PlanTrial(count: scaled(200_000))
  let (rate, passes) = try await PostgresServer.with(.init(bench: true)) { server in
    try await AgentHome.with(store: .postgresql(url: try server.url())) { home in
      try await trial.fill(home)
      let rate = try await trial.plan(home)
      let proof = try await LedgerProof.read(home.store)
      guard proof.events == trial.count, proof.open == trial.count else {
        throw HarnessError(.notMeasured, "the ledger has \(proof.events) events, not \(trial.count)")
      }
      return rate
    }
  }
  return Row(
    id: "plan-rate",
    what: "\(trial.count) yearly birthdays in 20 zones come within the horizon, PostgreSQL: events committed, with the "
      + "plugin's calls and the time zones' arithmetic",
    value: rate, unit: "events/s", target: ">= 20,000/s", met: rate >= 20_000,
    details: ["events_per_second_of_passes": passes])
}

private struct PlanTrial: Sendable {
  private static let zones = [
    "America/New_York", "Europe/London", "Asia/Tokyo", "America/Los_Angeles", "America/Chicago", "America/Sao_Paulo",
    "Europe/Paris", "Europe/Berlin", "Europe/Istanbul", "Africa/Cairo", "Africa/Lagos", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
    "Pacific/Honolulu",
  ]

  let count: Int

  /// Imports them while they are out of sight.
  func fill(_ home: AgentHome) async throws {
    let birth = Self.birth(daysFromNow: 2)
    try await home.runReady(["planner.horizon=60s"]) { agent in
      try await agent.control { control in
        _ = try await Seed.people(control, count: count) { Self.person($0, birth) }
      }
      // Each is looked at once, and put aside until its day.
      try await eventually("every schedule looked at", within: .seconds(120), every: .milliseconds(250)) {
        await home.metric("carillon_planned_schedules_total") ?? 0 >= Double(count)
      }
    }
  }

  /// Lets them come within the horizon; answers events a second, by the clock from the end of the first pass to the end of
  /// the last, and by the length of the passes.
  func plan(_ home: AgentHome) async throws -> (rate: Double, passes: Double) {
    let clock = ContinuousClock()
    return try await home.runReady(["planner.horizon=96h"]) { _ in
      var first: (at: ContinuousClock.Instant, events: Double)?
      let last = try await eventually("every event planned", within: .seconds(120), every: .milliseconds(50)) {
        let events = await home.metric("carillon_planned_events_total") ?? 0
        let now = clock.now
        if first == nil, events > 0 { first = (now, events) }
        return events >= Double(count) ? now : nil
      }
      let total = await home.metric("carillon_plan_seconds_sum") ?? .nan
      guard let first, first.events < Double(count) else {
        throw HarnessError(.notMeasured, "all were planned at the first look")
      }
      return ((Double(count) - first.events) / seconds(last - first.at), Double(count) / total)
    }
  }

  private static func person(_ number: Int, _ birth: String) -> Carillon_V1_ImportItem {
    .with {
      $0.tag = Int64(number)
      $0.user.name = "\(Control.namespace)/users/person-\(number)"
      $0.user.displayName = "Person \(number)"
      $0.user.timeZone = zones[number % zones.count]
      $0.user.dates = ["birth": birth]
      $0.schedules = [
        .with {
          $0.name = "\(Control.namespace)/schedules/birthday-\(number)"
          $0.eventType = "birthday"
        }
      ]
    }
  }

  /// A date of birth whose day comes so many days from now, in a leap year.
  private static func birth(daysFromNow days: Int64) -> String {
    let day = Seed.rfc3339(Seed.now() + days * 86_400_000_000).dropFirst("2026-".count).prefix("11-22".count)
    return "1992-\(day)"
  }
}
