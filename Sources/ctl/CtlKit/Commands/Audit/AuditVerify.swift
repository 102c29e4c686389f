import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct AuditVerify: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Reckon the chains of hashes again: exit 1 when a record was changed, lost or put in.",
    discussion: """
      Keep each agent's last hash elsewhere: that records were cut off a chain's end shows only when it is compared.

      Example:
        ctl audit verify
      """)

  /// It reads every record there is.
  static let patience = Duration.seconds(600)

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let limit = global.timeout?.duration ?? Self.patience
    let answer = try await session.client.call { base in
      var options = base
      options.timeout = limit
      return try await session.client.audit.verifyAudit(.init(), options: options)
    }
    try session.printer.document(try Printer.json(answer), names: answer.chains.map(\.agent)) {
      let columns: [Table.Column] = [
        .init("AGENT"), .init("RECORDS", isRight: true), .init("STATE"), .init("BROKEN AT"), .init("PROBLEM"),
        .init("LAST HASH"),
      ]
      return session.printer.lines(
        Table(columns: columns, rows: answer.chains.map { Self.row($0, session.printer.show) }))
    }
    let broken = answer.chains.count { !$0.brokenAt.isEmpty }
    guard broken == 0 else { throw CtlError(.failed, "\(broken) of \(answer.chains.count) chains are broken") }
  }

  private static func row(_ chain: Carillon_V1_VerifyAuditResponse.Chain, _ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(chain.agent)), .init(String(chain.records)),
      chain.brokenAt.isEmpty ? .init("whole", .good) : .init("broken", .bad), .init(show.text(chain.brokenAt)),
      .init(show.text(chain.problem)), .init(show.text(chain.lastHash)),
    ]
  }
}
