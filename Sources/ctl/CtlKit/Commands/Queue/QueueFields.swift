import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The settings of a queue on the command line.
struct QueueFields: ParsableArguments {
  @Option(help: "1 to 1000; higher goes first.") var priority: Int32?
  @Option(help: "Sends in flight per agent that are kept for it.") var reserve: Int32?
  @Option(help: "Share of what is not reserved.") var weight: Int32?
  @Option(help: "The most events in one call of a sink.") var batch: Int32?
  @Option(help: "Sends a second over the whole fleet, or unlimited.") var rate: RateArgument?
  @Option(help: "How long one send may take, such as 30s.") var sendDeadline: TimeSpan?
  @Option(help: "Attempts in all.") var attempts: Int32?
  @Option(help: "Wait after the first attempt, such as 1s.") var backoffBase: TimeSpan?
  @Option(help: "No wait is longer, such as 1h.") var backoffCap: TimeSpan?
  @Option(help: "What is not sent by then expires, such as 24h.") var expiresAfter: TimeSpan?
  @Option(help: "Only these sinks; repeatable.") var allowedSink: [String] = []
  @Flag(help: "All sinks.") var allSinks = false

  func validate() throws {
    if allSinks, !allowedSink.isEmpty { throw ValidationError("--all-sinks and --allowed-sink exclude each other") }
  }

  func apply(to queue: inout Carillon_V1_Queue, _ session: Session) throws(CtlError) -> FieldPaths {
    var fields = FieldPaths()
    try fields.set("priority", priority) { queue.priority = $0 }
    try fields.set("reserve", reserve) { queue.reserve = $0 }
    try fields.set("weight", weight) { queue.weight = $0 }
    try fields.set("batch", batch) { queue.batch = $0 }
    try fields.set("rate_per_second", rate) { rate in
      if let limit = rate.perSecond { queue.ratePerSecond = limit } else { queue.clearRatePerSecond() }
    }
    try fields.set("send_deadline", sendDeadline) { queue.sendDeadline = .init($0) }
    try fields.set("retry.attempts", attempts) { queue.retry.attempts = $0 }
    try fields.set("retry.base", backoffBase) { queue.retry.base = .init($0) }
    try fields.set("retry.cap", backoffCap) { queue.retry.cap = .init($0) }
    try fields.set("expires_after", expiresAfter) { queue.expiresAfter = .init($0) }
    let sinks = allSinks ? [] : allowedSink.isEmpty ? nil : allowedSink
    try fields.set("allowed_sinks", sinks) { ids throws(CtlError) in
      queue.allowedSinks = []
      for id in ids { queue.allowedSinks.append(try session.name(.sinks, id)) }
    }
    return fields
  }
}

/// Sends a second, or `unlimited`.
struct RateArgument: ExpressibleByArgument, Sendable, Equatable {
  /// Nil: no limit.
  var perSecond: Double?

  init?(argument: String) {
    guard argument != "unlimited" else { return }
    guard let rate = Double(argument), rate.isFinite, rate > 0 else { return nil }
    perSecond = rate
  }
}
