import AgentHarness
import ControlAPI
import NIOCore
import SwiftProtobuf

/// Two agents with leases of 2 s on one database, the first of them through a proxy, and events that fall due steadily.
struct FleetPair {
  let cut: AgentRun
  let free: AgentRun
  let proxy: CuttingProxy
  let receiver: Receiver

  /// How many events, and how far apart they are due.
  static let events = 1_200
  static let spacing = Duration.milliseconds(20)
  private static let lead = Duration.seconds(12)

  /// Runs `fault` once both agents have sent some, waits until nothing is open, and answers what the ledger holds.
  static func with(
    _ fault: @Sendable (FleetPair) async throws -> Void
  ) async throws -> (arrivals: [Receiver.Arrival], proof: LedgerProof) {
    try await PostgresServer.with { server in
      let url = try server.url()
      return try await CuttingProxy.with(to: try server.port()) { proxy in
        try await Receiver.with(.init(delay: .milliseconds(5))) { receiver in
          let lines = ["lease: 2s"]
          try await AgentHome.with(name: "cut", store: .postgresql(url: proxy.url(of: url)), lines: lines) { one in
            try await AgentHome.with(name: "free", store: .postgresql(url: url), lines: lines) { two in
              try await two.runReady { free in
                try await one.runReady { cut in
                  let pair = FleetPair(cut: cut, free: free, proxy: proxy, receiver: receiver)
                  try await pair.begin()
                  try await fault(pair)
                  try await pair.settle()
                }
              }
            }
          }
          return (receiver.arrivals, try await LedgerProof.read(url))
        }
      }
    }
  }

  /// How many sends an agent has begun since it started.
  static func begun(_ agent: AgentRun) async throws -> Double {
    try await agent.metric("carillon_send_lateness_seconds_count")
  }

  private func begin() async throws {
    try await free.control { control in
      try await Seed.webhook(control, home: free.home, port: receiver.port)
      let due = Seed.now() + Self.lead.components.seconds * 1_000_000
      let spacing = Int64(Self.spacing / .microseconds(1))
      try await Seed.notifications(control, count: Self.events) { due + Int64($0) * spacing }
    }
    try await eventually("both agents send", within: Self.lead + .seconds(20), every: .milliseconds(100)) {
      // A metric without a value yet is not there.
      guard let one = try? await Self.begun(cut), let two = try? await Self.begun(free) else { return false }
      return one > 10 && two > 10
    }
  }

  private func settle() async throws {
    try await eventually("every event settled", within: .seconds(120), every: .milliseconds(250)) {
      try await free.control { control in
        let sums = try await control.events.verifyLedger(.with { $0.from = .init(seconds: 0) })
        return sums.closedOnce == Int64(Self.events) && sums.open == 0
      }
    }
  }

  /// Events that came more than once whose first arrival was not within a span: what was on its way when the fault came
  /// may come twice, and nothing else.
  static func unexplained(
    _ arrivals: [Receiver.Arrival], from start: ContinuousClock.Instant, until end: ContinuousClock.Instant
  ) -> [String] {
    Dictionary(grouping: arrivals, by: \.id).values.filter { $0.count > 1 }.compactMap { same in
      guard let first = same.map(\.instant).min(), first < start || first > end else { return nil }
      return same[0].id
    }
  }
}
