import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl doctor`
struct DoctorCommand: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at the agent and its store: what is wrong, and what to do about it.",
    discussion: """
      Looks at readiness, the clock, time zone data, the other agents, plugins, sinks, and at the store: work that waits \
      unclaimed, and on PostgreSQL missing partitions, vacuum, bloat, long transactions, slow claims and durability. \
      Changes nothing. Exit 0 when there is no problem; warnings alone are none.

      Examples:
        ctl doctor
        ctl doctor -o json
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions

  /// It looks at the whole store, which takes up to some seconds.
  var patience: Duration { GlobalOptions.standardTimeout }

  func ask(_ session: Session) async throws -> Carillon_V1_DiagnoseResponse {
    try await session.client.call { try await session.client.agents.diagnose(.init(), options: $0) }
  }

  func show(_ answer: Carillon_V1_DiagnoseResponse, _ printer: Printer) throws {
    try printer.document(try Printer.json(answer)) {
      printer.lines(Table(columns: Self.columns, rows: answer.findings.flatMap(Self.rows)))
    }
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_DiagnoseResponse>], _ printer: Printer) throws {
    var documents: [(agent: String, json: JSONValue)] = []
    for answer in answers { documents.append((answer.agent, try Printer.json(answer.answer))) }
    try FleetPrinter(printer: printer).documents(documents) {
      let rows = answers.flatMap { answer in
        answer.answer.findings.flatMap(Self.rows).map { [Table.Cell($0[0].text.isEmpty ? "" : answer.agent)] + $0 }
      }
      return printer.lines(Table(columns: [.init("AGENT")] + Self.columns, rows: rows))
    }
  }

  func judge(_ answer: Carillon_V1_DiagnoseResponse) throws {
    let problems = answer.findings.count { $0.severity == .problem }
    guard problems == 0 else {
      throw CtlError(.failed, "\(problems) of \(answer.findings.count) findings are problems")
    }
  }

  private static let columns: [Table.Column] = [.init("STATE"), .init("CHECK"), .init("FOUND")]

  /// The finding, and below it what to do.
  private static func rows(_ finding: Carillon_V1_Finding) -> [[Table.Cell]] {
    let style: Style? =
      switch finding.severity {
      case .ok: .good
      case .warning: .warning
      case .problem: .bad
      default: nil
      }
    let row: [Table.Cell] = [
      .init(EnumText.label(finding.severity), style), .init(finding.check), .init(finding.message),
    ]
    return finding.advice.isEmpty ? [row] : [row, ["", "", .init("-> \(finding.advice)", .faint)]]
  }
}
