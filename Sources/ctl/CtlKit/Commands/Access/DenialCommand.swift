import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl denial`
struct DenialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denial", abstract: "Certificates and identities that are kept out, whatever they are granted.",
    subcommands: [DenialList.self, DenialCreate.self, DenialDelete.self], aliases: ["denials"])
}

extension Carillon_V1_Denial: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("DENIED"), .init("REASON"), .init("CREATED"), .init("BY", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    let denied: String? =
      switch subject {
      case .identity(let identity): identity
      case .certificateSha256(let digest): "certificate \(digest)"
      case nil: nil
      }
    return [
      .init(show.id(name)), .init(denied ?? ValueText.none), .init(show.text(reason)),
      .init(show.time(createTime, isSet: hasCreateTime)), .init(show.text(creator)),
    ]
  }
}
