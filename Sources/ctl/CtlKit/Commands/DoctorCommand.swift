import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl doctor`
struct DoctorCommand: CtlCommand {
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

  @OptionGroup var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let answer = try await session.client.call { try await session.client.agents.diagnose(.init(), options: $0) }
    try session.printer.document(try Printer.json(answer)) { Self.lines(answer.findings, session.printer) }
    let problems = answer.findings.count { $0.severity == .problem }
    guard problems == 0 else {
      throw CtlError(.failed, "\(problems) of \(answer.findings.count) findings are problems")
    }
  }

  private static func lines(_ findings: [Carillon_V1_Finding], _ printer: Printer) -> [String] {
    let columns: [Table.Column] = [.init("STATE"), .init("CHECK"), .init("FOUND")]
    return printer.lines(Table(columns: columns, rows: findings.flatMap(rows)))
  }

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
