import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl audit`
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Who changed what, when, from what to what.",
    subcommands: [AuditList.self, AuditVerify.self])
}

extension Carillon_V1_AuditRecord: TableRow {
  static let columns: [Table.Column] = [
    .init("TIME"), .init("ACTOR"), .init("ACTION"), .init("RESOURCE"), .init("COUNT", isRight: true), .init("REASON"),
    .init("BEFORE", isWide: true), .init("AFTER", isWide: true), .init("RECORD", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.time(time, isSet: hasTime)), .init(show.text(actor)), .init(action), .init(show.text(resource)),
      .init(String(count)), .init(show.text(reason)), .init(show.text(before)), .init(show.text(after)),
      .init(name.split(separator: "/").dropFirst().joined(separator: "/")),
    ]
  }
}
