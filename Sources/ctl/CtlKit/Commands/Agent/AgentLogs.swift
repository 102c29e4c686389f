import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct AgentLogs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What the agents wrote to their logs since they started, as far as it is kept.",
    discussion: """
      Without --since: the last lines. With several agents each line carries its agent.

      Examples:
        ctl agent logs --since 1h --level warning
        ctl agent logs --follow --grep partner
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Flag(help: "Go on with what is written, until interrupted.") var follow = false
  @Option(help: "How far back, such as 1h.") var since: TimeSpan?
  @Option(help: "Only lines with this in the message or a field, in any case of letters.") var grep = ""
  @Option(help: "Only this level and above: trace, debug, info, notice, warning, error, critical.") var level = LogLevel
    .trace
  @Option(help: "End after so many lines.") var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count: must be at least 1") }
  }

  func run() async throws {
    let around = Surroundings.current
    let printer = try global.printer(around)
    let connection = try global.find(around)
    let feed = LogFeed(printer: printer, isFleet: connection.isFleet, limit: count ?? .max)
    let outcomes = await FanOut.ask(connection.endpoints) { endpoint throws(CtlError) in
      try await global.connect(endpoint, connection, printer, around) { try await read($0, feed) }
    }
    try feed.finish()
    try FanOut.end(outcomes, isFleet: connection.isFleet, global.output, around)
  }

  private func request(_ around: Surroundings) -> Carillon_V1_ReadLogsRequest {
    .with {
      if let since { $0.since = .init(milliseconds: around.now() - since.milliseconds) }
      $0.contains = grep
      $0.leastLevel = level == .trace ? "" : level.rawValue
      $0.follow = follow
    }
  }

  private func read(_ session: Session, _ feed: LogFeed) async throws {
    let options = follow ? session.client.streamOptions : session.client.callOptions
    try await session.client.agents.readLogs(request(session.around), options: options) { response in
      for try await answer in response.messages {
        guard try feed.take(answer, session.agent) else { return }
      }
    }
  }
}

/// The levels of the agent's log, the least first.
enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
  case trace
  case debug
  case info
  case notice
  case warning
  case error
  case critical

  var style: Style? {
    switch self {
    case .trace, .debug: .faint
    case .warning: .warning
    case .error, .critical: .bad
    case .info, .notice: nil
    }
  }
}
