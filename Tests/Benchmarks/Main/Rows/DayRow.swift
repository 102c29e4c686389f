import AgentHarness
import ControlAPI
import SwiftProtobuf
import Synchronization

/// `day-1m`: a day of a million people, by an agent whose clock runs 60 times faster. `CARILLON_BENCH_HOURS` (1 to 24)
/// makes the day shorter, to try it out.
@Sendable func day() async throws -> Row {
  let hours = Programs.value(of: "CARILLON_BENCH_HOURS").flatMap { Int64($0) } ?? 24
  let trial = DayTrial(people: scaled(1_000_000), hours: min(max(hours, 1), 24))
  let outcome = try await PostgresServer.with(.init(bench: true)) { try await trial.run(on: try $0.url()) }
  let received = outcome.verdict.lateness.received
  return Row(
    id: "day-1m",
    what: "\(trial.hours) h of \(trial.people) people with four event types, on a clock 60 times faster; PostgreSQL, "
      + "webhook to nginx answering 204; real seconds",
    value: received.p99, unit: "s", percentiles: received.percentiles(), target: "p99 < 1 s, 0 lost, 0 double",
    met: received.p99 < 1 && outcome.verdict.isPerfect,
    details: outcome.verdict.details.merging([
      "events": Double(outcome.filling.due), "schedules": Double(outcome.filling.schedules),
      "filling_s": outcome.filling.took, "send_p99_s": outcome.verdict.lateness.started.p99,
    ]) { $1 })
}

private struct DayTrial: Sendable {
  struct Outcome: Sendable {
    var verdict: Verdict
    var filling: Filling
  }

  /// What was imported.
  struct Filling: Sendable {
    /// Events that fall due on the day.
    var due = 0
    var schedules = 0
    /// Seconds until all were planned.
    var took = 0.0
  }

  private static let speed = 60
  /// Seconds before the day for a million people, and for none.
  private static let (fillingOfMillion, fillingOfNone) = (720.0, 45.0)

  let people: Int
  let hours: Int64

  func run(on url: String) async throws -> Outcome {
    // Notifications name their instants, so the day is set before the first is made.
    let filling = Self.fillingOfNone + Self.fillingOfMillion * Double(people) / 1_000_000
    // On the minute, as the ledger's sums have minutes.
    let from = (Seed.now() / 1_000_000 + Int64(filling)) / 60 * 60 + 60
    let day = Rehearsal(from: from, speed: Self.speed, length: hours * 3_600)
    return try await Nginx.with { nginx in
      try await AgentHome.with(store: .postgresql(url: url)) { home in
        let (filling, own) = try await home.runReady(day.settings) { agent in
          try await agent.control { control in
            try await Seed.webhook(control, home: home, port: nginx.port)
            let filling = try await fill(home, control, before: day)
            return (filling, try await live(day, control))
          }
        }
        // Read when the agent has ended: what is due behind the day would change what is read.
        let verdict = try await Verdict.read(
          home.store, nginx.accessLog, own, events: filling.due, rehearsal: day)
        return Outcome(verdict: verdict, filling: filling)
      }
    }
  }

  private func fill(_ home: AgentHome, _ control: Control, before day: Rehearsal) async throws -> Filling {
    let clock = ContinuousClock()
    let sums = Mutex(Filling())
    let (begin, crowd) = (clock.now, try DayPeople(day))
    let left = { Double(day.from) - Double(Seed.now()) / 1e6 - 5 }
    _ = try await Seed.people(control, count: people) { number in
      let (item, due) = crowd.person(number)
      sums.withLock { sums in
        sums.due += due
        sums.schedules += item.schedules.count
      }
      return item
    }
    var filling = sums.withLock { $0 }
    guard left() > 0 else {
      throw HarnessError(.notMeasured, "the import of \(filling.schedules) schedules took until the day began")
    }
    try await eventually("every schedule planned", within: .seconds(left()), every: .milliseconds(500)) {
      await home.metric("carillon_planned_schedules_total") ?? 0 >= Double(filling.schedules)
    }
    filling.took = seconds(clock.now - begin)
    return filling
  }

  /// Lets the day pass, and answers the agent's own sums of it.
  private func live(_ day: Rehearsal, _ control: Control) async throws -> Carillon_V1_VerifyLedgerResponse {
    let end = Double(day.from) + day.realLength
    try await ContinuousClock().sleep(for: .seconds(max(end - Double(Seed.now()) / 1e6, 0)))
    return try await eventually("every event of the day settled", within: .seconds(120), every: .milliseconds(500)) {
      let sums = try await control.events.verifyLedger(
        .with {
          $0.from = .init(seconds: day.from)
          $0.to = .init(seconds: day.from + day.length)
        })
      return sums.open == 0 ? sums : nil
    }
  }
}
