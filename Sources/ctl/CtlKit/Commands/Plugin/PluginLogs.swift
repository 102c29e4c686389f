import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginLogs: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What a plugin logged since the agent's start, as far as it is kept.",
    discussion: """
      With several agents each line carries its agent. To follow what comes: ctl agent logs --follow --grep.

      Example:
        ctl plugin logs ring --lines 20
      """)

  /// What an agent keeps of one plugin at most.
  static let maximumLines = 1_000

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "The last so many lines, at most 1000.") var lines = 100

  func validate() throws {
    guard (1...Self.maximumLines).contains(lines) else {
      throw ValidationError("--lines: must be 1 to \(Self.maximumLines)")
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
