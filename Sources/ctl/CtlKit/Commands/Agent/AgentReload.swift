import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct AgentReload: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Read the configuration file and all secrets again: all of it counts, or nothing.",
    discussion: """
      What is wrong is told, and the old configuration goes on. Some settings count only after a restart; they are named.

      Examples:
        ctl agent reload --dry-run
        ctl agent reload
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Flag(help: "Only check the file.") var dryRun = false

  func ask(_ session: Session) async throws -> Carillon_V1_ReloadConfigurationResponse {
    let request = Carillon_V1_ReloadConfigurationRequest.with { $0.validateOnly = dryRun }
    return try await session.client.call {
      try await session.client.agents.reloadConfiguration(request, options: $0)
    }
  }

  func show(_ answer: Carillon_V1_ReloadConfigurationResponse, _ printer: Printer) throws {
    try printer.document(try Printer.json(answer), names: answer.changed) {
      answer.changed.isEmpty ? ["nothing has changed"] : printer.lines(table(rows(answer)))
    }
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_ReloadConfigurationResponse>], _ printer: Printer) throws {
    var documents: [(agent: String, json: JSONValue)] = []
    for answer in answers { documents.append((answer.agent, try Printer.json(answer.answer))) }
    try FleetPrinter(printer: printer).documents(documents) {
      var fleet = table(
        answers.flatMap { answer in
          let own = rows(answer.answer)
          return (own.isEmpty ? [[Table.Cell(ValueText.none), .init("nothing has changed")]] : own)
            .map { [Table.Cell(answer.agent)] + $0 }
        })
      fleet.columns.insert(.init("AGENT"), at: 0)
      return printer.lines(fleet)
    }
  }

  private func table(_ rows: [[Table.Cell]]) -> Table {
    Table(columns: [.init("SETTING"), .init(dryRun ? "WOULD COUNT" : "COUNTS")], rows: rows)
  }

  private func rows(_ answer: Carillon_V1_ReloadConfigurationResponse) -> [[Table.Cell]] {
    let late = Set(answer.needsRestart)
    return answer.changed.map {
      [.init($0), late.contains($0) ? .init("after a restart", .warning) : .init("now", .good)]
    }
  }
}
