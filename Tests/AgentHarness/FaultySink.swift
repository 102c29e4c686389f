import ControlAPI
import SwiftProtobuf

/// The sink of the plugin host's tests, in one mode or another, each a plugin and a sink of that name, with a queue of
/// its own. It writes down every delivery that comes before it does anything about it.
public enum FaultySink: String, Sendable, CaseIterable {
  /// Does what it is asked.
  case steady
  /// Its process ends by SIGSEGV with its 100th delivery.
  case crash
  /// Never comes back from a delivery.
  case spin
  /// Loses 1 MB with each delivery.
  case leak

  /// The id of the queue that its events go to.
  public var queue: String { self == .steady ? "low" : rawValue }

  private var mode: String {
    switch self {
    case .steady: "inside"
    case .crash: "crash-every"
    case .spin: "spin"
    case .leak: "leak"
    }
  }

  /// What it wrote.
  func journal(_ home: AgentHome) -> String { "\(home.folder.path)/\(rawValue).journal" }

  /// Compiles it.
  func build(into folder: String) async throws {
    try await TinyPlugin.compile(
      "Tests/PluginHost/Fixtures/sink.c", into: "\(folder)/lib\(rawValue).so",
      ["-DNAME=\"\(rawValue)\"", "-DPERMISSIONS=\"[\\\"files\\\"]\""])
  }

  /// Makes its queue, the sink, and what sends the events of the one to the other.
  /// - Parameter attempts: how many a delivery has.
  func create(_ control: Control, _ home: AgentHome, attempts: Int32) async throws {
    if self != .steady {
      _ = try await control.queues.createQueue(
        .with {
          $0.queueID = queue
          $0.queue.sendDeadline = .init(seconds: 1)
          $0.queue.retry = .with {
            $0.attempts = attempts
            $0.base = .init(seconds: 1)
            $0.cap = .init(seconds: 2)
          }
        })
    }
    _ = try await control.sinks.createSink(
      .with {
        $0.parent = Control.namespace
        $0.sinkID = rawValue
        $0.sink.plugin = rawValue
        $0.sink.configuration.fields["mode"] = .with { $0.stringValue = mode }
        $0.sink.configuration.fields["journal"] = .with { $0.stringValue = journal(home) }
        $0.sink.limits.breaker.firstWait = .init(seconds: 1)
        $0.sink.limits.breaker.longestWait = .init(seconds: 2)
      })
    try await Seed.subscribe(control, sink: rawValue, filter: ["queue": queue])
  }
}
