import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl whoami`
struct WhoAmI: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Whom the agent takes you for, and what you may do.",
    discussion: "Example:\n  ctl whoami")

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let caller = try await session.client.call { try await session.client.access.getCaller(.init(), options: $0) }
    let show = session.printer.show
    try session.printer.document(try Printer.json(caller), names: [caller.identity]) {
      let rows: [[Table.Cell]] = [
        ["identity", .init(caller.identity)], ["role", .init(EnumText.label(caller.role))],
        ["namespace", .init(caller.namespace.isEmpty ? "all" : caller.namespace)],
        ["runs out", .init(show.time(caller.expireTime, isSet: caller.hasExpireTime))],
        ["certificate", .init(show.text(caller.certificateSha256))], ["agent", .init(session.agent)],
        ["context", .init(session.connection.context ?? ValueText.none)],
      ]
      return Array(session.printer.lines(Table(columns: [.init(""), .init("")], rows: rows)).dropFirst())
    }
  }
}
