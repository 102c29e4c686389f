public import ControlAPI
import SwiftProtobuf

/// Events through two healthy sinks, alone or in the middle of plugins that crash, spin and leak: a real agent on its
/// embedded store, with a webhook to nginx in its own process and all other sinks in processes of their own.
public struct PluginFaultPlay: Sendable {
  /// Events for each of the plugins with a fault, besides those of the healthy sinks, over the same time.
  public struct Faults: Sendable {
    /// For one whose process ends by SIGSEGV with its 100th delivery, again and again.
    public var crashing: Int
    /// For one that never comes back from a delivery.
    public var spinning: Int
    /// For one that loses 1 MB with each delivery.
    public var leaking: Int
    /// Attempts that a delivery to the spinning one has, each of which takes its process some 15 s.
    public var spinningAttempts: Int32

    /// Makes it.
    public init(crashing: Int, spinning: Int, leaking: Int, spinningAttempts: Int32) {
      self.crashing = crashing
      self.spinning = spinning
      self.leaking = leaking
      self.spinningAttempts = spinningAttempts
    }
  }

  /// What one run saw.
  public struct Outcome: Sendable {
    /// The agent's ledger, read by another program.
    public var ledger: LedgerProof
    /// What the agent says of its ledger.
    public var own: Carillon_V1_VerifyLedgerResponse
    /// What nginx got, from the webhook.
    public var received: Lateness
    /// Each sink, by its name: see ``FaultySink``, and ``PluginFaultPlay/receiver``.
    public var sinks: [String: SinkProof]
    /// How often each plugin's process was started again, by the plugin's name.
    public var restarts: [String: Int]
  }

  /// The healthy sink that goes to nginx.
  public static let receiver = "receiver"
  /// Attempts that a delivery to the crashing and the leaking one has.
  public static let attempts: Int32 = 30
  /// Memory that a plugin's process may map, so that one that leaks comes to its end soon.
  private static let memoryMebibytes = 256

  /// Events that go through both healthy sinks.
  public let events: Int
  /// From one of them to the next, in microseconds.
  public let spacing: Int64
  /// From the import's begin to the first of them.
  public let lead: Duration
  /// How long everything may take to end, once the last one is due.
  public let limit: Duration

  /// Makes a play.
  public init(events: Int, spacing: Int64, lead: Duration, limit: Duration) {
    self.events = events
    self.spacing = spacing
    self.lead = lead
    self.limit = limit
  }

  /// Runs it once.
  /// - Parameter faults: nil: the healthy sinks are alone, and the other plugins not even there.
  public func run(_ faults: Faults?) async throws -> Outcome {
    let sinks: [FaultySink] = faults == nil ? [.steady] : FaultySink.allCases
    return try await Nginx.with { nginx in
      try await AgentHome.with { home in
        for sink in sinks { try await sink.build(into: home.plugins) }
        return try await home.runReady(["plugins.memory_mib=\(Self.memoryMebibytes)"]) { agent in
          try await agent.control { control in
            try await Seed.webhook(
              control, home: home, port: nginx.port, filter: ["queue": FaultySink.steady.queue], id: Self.receiver)
            for sink in sinks {
              try await sink.create(
                control, home, attempts: sink == .spin ? faults?.spinningAttempts ?? 1 : Self.attempts)
            }
            try await play(control, faults)
            return try await outcome(control, home, nginx, sinks)
          }
        }
      }
    }
  }

  /// Imports the events, and waits until nothing is open any more.
  private func play(_ control: Control, _ faults: Faults?) async throws {
    let (seconds, attoseconds) = lead.components
    let first = Seed.now() + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let groups: [(sink: FaultySink, count: Int)] = [
      (.steady, events), (.crash, faults?.crashing ?? 0), (.spin, faults?.spinning ?? 0),
      (.leak, faults?.leaking ?? 0),
    ]
    let places = groups.flatMap { group in
      (0..<group.count).map { (group.sink, first + Int64($0) * spacing * Int64(events) / Int64(group.count)) }
    }
    try await Seed.notifications(
      control, count: places.count, queue: { "queues/\(places[$0].0.queue)" }, moment: { places[$0].1 })
    try await eventually("\(places.count) events planned", within: .microseconds(max(1, first - Seed.now()))) {
      try await open(control) == Int64(places.count)
    }
    let length = Duration.microseconds(spacing * Int64(events))
    try await eventually("every event settled", within: lead + length + limit, every: .milliseconds(100)) {
      try await open(control) == 0
    }
  }

  private func open(_ control: Control) async throws -> Int64 {
    try await control.queues.listQueues(.init()).queues.reduce(0) { $0 + $1.status.open }
  }

  private func outcome(
    _ control: Control, _ home: AgentHome, _ nginx: Nginx, _ sinks: [FaultySink]
  ) async throws -> Outcome {
    let own = try await eventually("every receipt committed", within: .seconds(10)) {
      let sums = try await control.events.verifyLedger(.with { $0.from = .init(seconds: 0) })
      return sums.open == 0 ? sums : nil
    }
    let plugins = try await control.plugins.listPlugins(.init()).plugins
    return Outcome(
      ledger: try await LedgerProof.read(home.store), own: own,
      received: try await Lateness.read(store: home.store, accessLog: nginx.accessLog),
      sinks: try await SinkProof.read(
        home.store, journals: Dictionary(uniqueKeysWithValues: sinks.map { ($0.rawValue, $0.journal(home)) })),
      restarts: Dictionary(
        uniqueKeysWithValues: plugins.map {
          (String($0.name.split(separator: "/").last ?? ""), Int($0.process.restarts))
        }))
  }
}
