import ControlAPI
import EventModel
import GRPCCore

/// One reading of what a plugin logs, which goes on with what comes. The agent's log is the buffer: who reads slower than
/// it is written loses the oldest lines, and is told how many.
struct PluginLogWatch {
  /// Lines that come first when the request does not say.
  private static let standardLines: Int32 = 100
  /// Lines of the agent's log looked at in one step; what they hold fits into one answer.
  private static let step = 100
  private static let maximumCursorBytes = 96

  /// Where a reading stands.
  private struct Position {
    /// The number of the next line of the agent's log.
    var next: Int64
    /// The plugin's lines that were read, or lost, so far.
    var read: Int64
  }

  /// The plugin's name.
  let plugin: String
  private let log: any LogSource
  private let lines: Int
  private let resumed: Position?

  /// - Throws: all violations at once.
  init(_ request: Carillon_V1_WatchPluginLogsRequest, log: any LogSource) throws {
    var violations = Violations()
    self.log = log
    plugin =
      violations.collect { () throws(ModelError) in
        try ResourceName(request.name, kind: .plugin, field: "name").id
      } ?? ""
    let wanted = request.hasLines ? request.lines : Self.standardLines
    lines = Int(wanted)
    if !(0...PluginLogLine.maximumCount).contains(lines) {
      violations.add("lines", "must be 0 to \(PluginLogLine.maximumCount)")
    }
    resumed = request.cursor.isEmpty ? nil : Self.position(of: request.cursor, log)
    if !request.cursor.isEmpty, resumed == nil { violations.add("cursor", "is no cursor of a plugin's log") }
    try violations.check()
  }

  /// Answers until the client ends it, or the server stops.
  func run(
    _ environment: Environment, _ cancellation: ServerContext.RPCCancellationHandle,
    into response: RPCWriter<Carillon_V1_WatchPluginLogsResponse>
  ) async throws {
    let limits = environment.limits
    var heartbeat = Heartbeat(every: limits.watchHeartbeat)
    var position = resumed ?? beginning
    while environment.goesOn(cancellation) {
      let found = log.entries(from: position.next, limit: Self.step)
      let answer = take(found, &position)
      let isEnd = found.count < Self.step
      if !answer.lines.isEmpty || isEnd && heartbeat.isDue {
        try await response.write(answer)
        heartbeat.spoke()
      }
      guard isEnd else { continue }
      try await environment.clock.sleep(for: limits.watchPause)
      heartbeat.waited(limits.watchPause)
    }
    throw environment.endOfWatch
  }

  /// What is told of some lines of the agent's log.
  private func take(_ found: [LogEntry], _ position: inout Position) -> Carillon_V1_WatchPluginLogsResponse {
    var answer = Carillon_V1_WatchPluginLogsResponse()
    for entry in found where isWanted(entry) {
      answer.dropped += max(0, entry.pluginNumber - position.read - 1)
      position.read = entry.pluginNumber
      answer.lines.append(Carillon_V1_PluginLogLine(PluginLogLine(entry)))
    }
    position.next = found.last.map { $0.number + 1 } ?? position.next
    answer.cursor = "\(log.run)-\(position.next)-\(position.read)"
    return answer
  }

  private func isWanted(_ entry: LogEntry) -> Bool { entry.pluginNumber > 0 && entry.fields["plugin"] == plugin }

  /// So that the last lines come that are wanted. What was gone before somebody first looked was not to be read.
  private var beginning: Position {
    var wanted: [LogEntry] = []
    var position = Position(next: 1, read: log.count(of: plugin))
    while case let found = log.entries(from: position.next, limit: Self.step), let last = found.last {
      wanted = (wanted + found.filter(isWanted)).suffix(max(lines, 1))
      position.next = last.number + 1
      position.read = wanted.last?.pluginNumber ?? position.read
    }
    guard lines > 0, let first = wanted.first else { return position }
    return Position(next: first.number, read: first.pluginNumber - 1)
  }

  /// What a cursor says; of another run of the agent: all of this one is new.
  private static func position(of cursor: String, _ log: any LogSource) -> Position? {
    guard cursor.utf8.count <= maximumCursorBytes else { return nil }
    let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let next = Int64(parts[1]), next >= 1, let read = Int64(parts[2]), read >= 0 else {
      return nil
    }
    return parts[0] == log.run ? Position(next: next, read: read) : Position(next: 1, read: 0)
  }
}
