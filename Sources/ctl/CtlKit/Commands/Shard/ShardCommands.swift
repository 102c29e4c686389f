import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

/// `ctl shard`
struct ShardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shard", abstract: "What the agents share: zone groups in slots, and who holds them.",
    subcommands: [ShardList.self], aliases: ["shards"])
}

extension Carillon_V1_Shard: TableRow {
  static let columns: [Table.Column] = [
    .init("SHARD"), .init("BUCKETS", isRight: true), .init("EVENTS", isRight: true), .init("DUE", isRight: true),
    .init("OLDEST DUE"), .init("HELD BY"),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.text(shard)), .init(String(openBuckets)), .init(String(openEvents)), .init(String(dueEvents)),
      .init(show.time(oldestDueTime, isSet: hasOldestDueTime)), .init(holders(show)),
    ]
  }

  /// `north 3, south 1`, buckets each.
  private func holders(_ show: ValueText) -> String {
    show.text(owners.map { "\(show.id($0.agent)) \($0.buckets)" }.joined(separator: ", "))
  }
}
