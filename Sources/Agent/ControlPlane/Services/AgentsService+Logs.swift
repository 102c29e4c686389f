import ControlAPI
import EventModel
import GRPCCore
import Logging
import Store
import SwiftProtobuf

extension AgentsService {
  func readLogs(
    request: Carillon_V1_ReadLogsRequest, response: RPCWriter<Carillon_V1_ReadLogsResponse>, context: ServerContext
  ) async throws {
    let reading = try LogReading(request, log: environment.log)
    guard request.follow else { return try await reading.run(environment, context.cancellation, into: response) }
    try await environment.watching {
      try await reading.run(environment, context.cancellation, into: response)
    }
  }

  func reloadConfiguration(
    request: Carillon_V1_ReloadConfigurationRequest, context: ServerContext
  ) async throws -> Carillon_V1_ReloadConfigurationResponse {
    guard let reloader = environment.reloader else {
      throw Failure.precondition(
        "NOT_RELOADABLE", "this agent was started without anything that it could read again: restart it")
    }
    let changes = try await reloader.reload(dryRun: request.validateOnly)
    return .with {
      $0.changed = changes.changed
      $0.needsRestart = changes.needsRestart
    }
  }
}

/// One reading of the agent's log.
struct LogReading {
  /// Longest text that lines are looked through for, in bytes.
  private static let maximumTextBytes = 500
  /// Lines looked at in one step; what they hold fits into one answer.
  private static let step = 100
  /// Lines that come when nothing says from when on.
  private static let standardLines = 100
  private static let maximumCursorBytes = 64

  private let log: any LogSource
  private let since: Timestamp?
  private let contains: String
  private let leastLevel: Logger.Level
  private let follows: Bool
  /// The number to go on from; nil: as `since` says.
  private let resumesAt: Int64?

  /// - Throws: all violations at once.
  init(_ request: Carillon_V1_ReadLogsRequest, log: any LogSource) throws {
    var violations = Violations()
    self.log = log
    follows = request.follow
    contains = request.contains.lowercased()
    since =
      request.hasSince
      ? violations.collect { () throws(ModelError) in try Timestamp(request.since, field: "since") } : nil
    if request.contains.utf8.count > Self.maximumTextBytes {
      violations.add("contains", "must be at most \(Self.maximumTextBytes) bytes")
    }
    let level: Logger.Level? = request.leastLevel.isEmpty ? .trace : Logger.Level(rawValue: request.leastLevel)
    if level == nil {
      violations.add(
        "least_level", "must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    leastLevel = level ?? .trace
    resumesAt = request.cursor.isEmpty ? nil : Self.number(of: request.cursor, log)
    if !request.cursor.isEmpty, resumesAt == nil { violations.add("cursor", "is no cursor of a log") }
    try violations.check()
  }

  /// Answers what there is; with follow until the client ends it, or the server stops.
  func run(
    _ environment: Environment, _ cancellation: ServerContext.RPCCancellationHandle,
    into response: RPCWriter<Carillon_V1_ReadLogsResponse>
  ) async throws {
    let limits = environment.limits
    var heartbeat = Heartbeat(every: limits.watchHeartbeat)
    var next = start
    var dropped: Int64 = 0
    // What was gone before somebody first looked was not to be read.
    var hasRead = resumesAt != nil
    while environment.goesOn(cancellation) {
      let found = log.entries(from: next, limit: Self.step)
      // Numbers have no gaps: what lies before the first was dropped meanwhile.
      if hasRead, let first = found.first { dropped += max(first.number - next, 0) }
      hasRead = true
      next = found.last.map { $0.number + 1 } ?? next
      let lines = found.filter(wants)
      let isEnd = found.count < Self.step
      if !lines.isEmpty || isEnd && heartbeat.isDue {
        try await response.write(
          .with {
            $0.lines = lines.map { Carillon_V1_LogLine($0) }
            $0.cursor = "\(log.run)-\(next)"
            $0.dropped = dropped
          })
        dropped = 0
        heartbeat.spoke()
      }
      guard isEnd else { continue }
      guard follows else { return }
      try await environment.clock.sleep(for: limits.watchPause)
      heartbeat.waited(limits.watchPause)
    }
    throw environment.endOfWatch
  }

  private func wants(_ entry: LogEntry) -> Bool {
    guard entry.level >= leastLevel, since.map({ entry.at >= $0 }) ?? true else { return false }
    return contains.isEmpty || entry.message.lowercased().contains(contains)
      || entry.fields.contains { $0.value.lowercased().contains(contains) }
  }

  /// Where to begin: after the cursor; with a time at the oldest line; else so that the last lines come that are wanted.
  private var start: Int64 {
    if let resumesAt { return resumesAt }
    guard since == nil else { return 1 }
    var wanted: [Int64] = []
    var next: Int64 = 1
    while case let found = log.entries(from: next, limit: Self.step), let last = found.last {
      wanted += found.lazy.filter(wants).map(\.number)
      wanted = Array(wanted.suffix(Self.standardLines))
      next = last.number + 1
    }
    return wanted.first ?? next
  }

  /// The number that a cursor says; of another run of the agent: all of this one is new.
  private static func number(of cursor: String, _ log: any LogSource) -> Int64? {
    guard cursor.utf8.count <= maximumCursorBytes, let dash = cursor.lastIndex(of: "-"),
      let number = Int64(cursor[cursor.index(after: dash)...]), number >= 1
    else { return nil }
    return cursor[..<dash] == log.run ? number : 1
  }
}

extension Carillon_V1_LogLine {
  init(_ entry: LogEntry) {
    self.init()
    time = Google_Protobuf_Timestamp(entry.at)
    level = entry.level.rawValue
    label = entry.label
    message = entry.message
    fields = entry.fields
  }
}
