import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf

/// `unary-p99`: a unary read, one at a time, while a burst is sent; beside libpq's `SELECT 1` at the same time.
@Sendable func unaryRead() async throws -> Row {
  let run = try await underFullLoad { control, number in
    _ = try await control.users.getUser(.with { $0.name = "\(Control.namespace)/users/person-\(number % 1_000)" })
  }
  let ratio = run.p99 / run.selectOne.p99
  return Row(
    id: "unary-p99",
    what: "GetUser over gRPC on the Unix socket, one at a time, while events are sent at full load; PostgreSQL",
    value: run.p99, unit: "ms", percentiles: run.percentiles,
    beside: .init(name: "p99 of libpq's SELECT 1 at the same time, ms", value: run.selectOne.p99), ratio: ratio,
    target: "ratio <= 3", met: ratio <= 3, details: run.details)
}

/// `unary-write`: a unary write, committed and with its audit record, under the same load.
@Sendable func unaryWrite() async throws -> Row {
  let run = try await underFullLoad { control, number in
    _ = try await control.users.createUser(
      .with {
        $0.parent = Control.namespace
        $0.userID = "written-\(number)"
        $0.user.displayName = "Written \(number)"
        $0.user.timeZone = "Europe/London"
      })
  }
  return Row(
    id: "unary-write",
    what: "CreateUser over gRPC on the Unix socket, one at a time, while events are sent at full load; PostgreSQL",
    value: run.p95, unit: "ms", percentiles: run.percentiles, target: "p95 <= 200 ms", met: run.p95 <= 200,
    details: run.details)
}

/// What calls took in the midst of a burst, in milliseconds.
private struct UnaryRun: Sendable {
  /// What `select_one` prints.
  struct SelectOne: Sendable, Decodable {
    var p50: Double
    var p99: Double
  }

  static let windowSeconds = 8

  var times: [Double]
  var selectOne: SelectOne
  /// Events a second that the agent sent meanwhile.
  var load: Double

  var p95: Double { percentile(times, 0.95) }
  var p99: Double { percentile(times, 0.99) }
  var percentiles: [String: Double] {
    ["p50": percentile(times, 0.5), "p95": p95, "p99": p99, "max": times.last ?? .nan]
  }
  var details: [String: Double] {
    [
      "calls": Double(times.count), "select_one_p50_ms": selectOne.p50, "select_one_p99_ms": selectOne.p99,
      "events_per_second_meanwhile": load,
    ]
  }
}

/// Calls one at a time for some seconds while events that are all due at once are sent.
private func underFullLoad(
  _ call: @escaping @Sendable (Control, Int) async throws -> Void
) async throws -> UnaryRun {
  try await PostgresServer.with(.init(bench: true)) { server in
    let url = try server.url()
    return try await Nginx.with { nginx in
      try await AgentHome.with(store: .postgresql(url: url)) { home in
        try await home.runReady { agent in
          try await agent.control { control in
            try await Seed.webhook(control, home: home, port: nginx.port)
            let load = Load(count: scaled(150_000), firstDue: Seed.now() + 180_000_000, spacing: 0)
            try await load.prepare(control, margin: .seconds(2))
            let run = try await measure(control, load, url, call)
            try await load.waitUntilDone(control, within: .seconds(180))
            let verdict = try await load.verdict(home, control, nginx)
            guard verdict.isPerfect else {
              throw HarnessError(.notMeasured, "\(verdict.lost) events lost, \(verdict.doubled) doubled under load")
            }
            return run
          }
        }
      }
    }
  }
}

/// From a second after the burst began: both at the same time, and the burst must outlast them.
private func measure(
  _ control: Control, _ load: Load, _ url: String, _ call: @escaping @Sendable (Control, Int) async throws -> Void
) async throws -> UnaryRun {
  try await ContinuousClock().sleep(for: .seconds(Double(load.firstDue - Seed.now()) / 1e6 + 1))
  let before = try await load.open(control)
  let program = "\(Programs.repository)/.build/peers/bin/select_one"
  async let beside = Tool.output(program, [url, "\(UnaryRun.windowSeconds)"])
  let times = try await timeCalls(control, call)
  let selectOne = try JSONDecoder().decode(UnaryRun.SelectOne.self, from: Data(try await beside.utf8))
  let after = try await load.open(control)
  guard after > 0 else { throw HarnessError(.notMeasured, "the burst was over before the calls were") }
  return UnaryRun(
    times: times.sorted(), selectOne: selectOne, load: Double(before - after) / Double(UnaryRun.windowSeconds))
}

/// Milliseconds of each call.
private func timeCalls(
  _ control: Control, _ call: @escaping @Sendable (Control, Int) async throws -> Void
) async throws -> [Double] {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(UnaryRun.windowSeconds)
  var times: [Double] = []
  while clock.now < end {
    let number = times.count
    times.append(milliseconds(seconds(try await clock.measure { try await call(control, number) })))
  }
  return times
}
