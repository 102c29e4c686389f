import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DenialDelete: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Let in again what was denied, as far as it is granted something.",
    discussion: "Example:\n  ctl denial delete bob")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.") var ids: [String]

  func perform(_ session: Session) async throws {
    for id in ids {
      let name = try session.name(.denials, id)
      _ = try await session.client.call {
        try await session.client.access.deleteDenial(.with { $0.name = name }, options: $0)
      }
      try EffectReport(kind: .denials, name: name, effect: .deleted).show(session.printer)
    }
  }
}
