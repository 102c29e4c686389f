import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct PluginLogs: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What a plugin logged since the agent's start, as far as it is kept.",
    discussion: """
      With several agents each line carries its agent. --follow goes on where it was when a connection breaks; what was \
      gone by then is told on standard error, with its number of lines.

      Examples:
        ctl plugin logs ring --lines 20
        ctl plugin logs ring --follow
      """)

  /// What an agent keeps of one plugin at most.
  static let maximumLines = 1_000

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "The last so many lines, at most 1000.") var lines = 100
  @Flag(help: "Go on with what it logs, until interrupted.") var follow = false
  @Option(help: "With --follow: end after so many lines.") var count: Int?

  func validate() throws {
    guard (1...Self.maximumLines).contains(lines) else {
      throw ValidationError("--lines: must be 1 to \(Self.maximumLines)")
    }
    guard let count else { return }
    if !follow { throw ValidationError("--count: goes with --follow") }
    if count < 1 { throw ValidationError("--count: must be at least 1") }
  }

  mutating func run() async throws { follow ? try await followAll() : try await runFleet() }

  /// Every agent's lines, as they come.
  private func followAll() async throws {
    let around = Surroundings.current
    let printer = try global.printer(around)
    let connection = try global.find(around)
    let feed = LogFeed(printer: printer, isFleet: connection.isFleet, limit: count ?? .max)
    let command = self
    try await Interruption.ends {
      let outcomes = await FanOut.ask(connection.endpoints) { endpoint throws(CtlError) in
        try await command.global.connect(endpoint, connection, printer, around) { try await command.follow($0, feed) }
      }
      try feed.finish()
      try FanOut.end(outcomes, isFleet: connection.isFleet, printer.format, around)
    }
  }

  private func follow(_ session: Session, _ feed: LogFeed) async throws {
    let name = try session.name(.plugins, id)
    let cursor = Cursor()
    try await Reconnecting.run(session, noting: feed) {
      let request = Carillon_V1_WatchPluginLogsRequest.with {
        ($0.name, $0.lines, $0.cursor) = (name, Int32(lines), cursor.text)
      }
      try await session.client.plugins.watchPluginLogs(request, options: session.client.streamOptions) { response in
        for try await answer in response.messages {
          let shown = Carillon_V1_ReadLogsResponse.with {
            ($0.lines, $0.dropped) = (answer.lines.map(Carillon_V1_LogLine.init), answer.dropped)
          }
          let goesOn = try feed.take(shown, session.agent)
          cursor.move(to: answer.cursor)
          guard goesOn else { return }
        }
      }
    }
  }

  /// The oldest first.
  func ask(_ session: Session) async throws -> [Carillon_V1_PluginLogLine] {
    let name = try session.name(.plugins, id)
    var found: [Carillon_V1_PluginLogLine] = []
    try await Paging.each(
      limit: lines,
      fetch: { size, token throws(CtlError) in
        let request = Carillon_V1_ListPluginLogsRequest.with {
          ($0.name, $0.pageSize, $0.pageToken) = (name, size, token)
        }
        let answer = try await session.client.call {
          try await session.client.plugins.listPluginLogs(request, options: $0)
        }
        return Page(items: answer.lines, next: answer.nextPageToken)
      }, body: { found += $0 })
    return found.reversed()
  }

  func show(_ answer: [Carillon_V1_PluginLogLine], _ printer: Printer) throws {
    try show([.init(agent: "", answer: answer)], printer, isFleet: false)
  }

  func show(_ answers: [FleetAnswer<[Carillon_V1_PluginLogLine]>], _ printer: Printer) throws {
    try show(answers, printer, isFleet: true)
  }

  private func show(
    _ answers: [FleetAnswer<[Carillon_V1_PluginLogLine]>], _ printer: Printer, isFleet: Bool
  ) throws {
    let feed = LogFeed(printer: printer, isFleet: isFleet, limit: .max)
    for answer in answers {
      _ = try feed.take(.with { $0.lines = answer.answer.map(Carillon_V1_LogLine.init) }, answer.agent)
    }
    try feed.finish()
  }
}

extension Carillon_V1_LogLine {
  /// The same line as one of an agent's log: the instance is a field of it.
  fileprivate init(_ line: Carillon_V1_PluginLogLine) {
    self.init()
    time = line.time
    level = line.level
    message = line.message
    fields = line.fields
    if !line.instance.isEmpty { fields["instance"] = line.instance }
  }
}
