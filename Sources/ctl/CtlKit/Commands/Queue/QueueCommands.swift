import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl queue`
struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Priority queues and their limits.",
    subcommands: [
      ListCommand<Queues>.self, GetCommand<Queues>.self, QueueCreate.self, QueueUpdate.self, QueuePause.self,
      QueueResume.self, QueueDrain.self, QueuePurge.self, QueueDelete.self,
    ], aliases: ["queues"])
}

enum Queues: Noun {
  static let kind = ResourceKind.queues

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Queue {
    try await client.call { try await client.queues.getQueue(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Queue> {
    let message = Carillon_V1_ListQueuesRequest.with {
      $0.pageSize = request.size
      $0.pageToken = request.token
      $0.filter = request.filter
    }
    let answer = try await client.call { try await client.queues.listQueues(message, options: $0) }
    return Page(items: answer.queues, next: answer.nextPageToken)
  }
}

extension Carillon_V1_Queue: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("PRIORITY", isRight: true), .init("STATE"), .init("DUE", isRight: true),
    .init("OPEN", isRight: true), .init("IN FLIGHT", isRight: true), .init("OLDEST DUE"),
    .init("RESERVE", isWide: true, isRight: true), .init("WEIGHT", isWide: true, isRight: true),
    .init("BATCH", isWide: true, isRight: true), .init("RATE/S", isWide: true, isRight: true),
    .init("DEADLINE", isWide: true), .init("ATTEMPTS", isWide: true, isRight: true), .init("EXPIRES", isWide: true),
    .init("SINKS", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(String(priority)), paused ? .init("paused", .warning) : .init("running", .good),
      .init(String(status.due)), .init(String(status.open)), .init(String(status.inFlight)),
      .init(show.time(status.oldestDueTime, isSet: status.hasOldestDueTime)), .init(String(reserve)),
      .init(String(weight)), .init(String(batch)), .init(hasRatePerSecond ? "\(ratePerSecond)" : ValueText.none),
      .init(show.duration(sendDeadline, isSet: hasSendDeadline)), .init(String(retry.attempts)),
      .init(show.duration(expiresAfter, isSet: hasExpiresAfter)),
      .init(allowedSinks.isEmpty ? "all" : allowedSinks.map(show.id).joined(separator: ", ")),
    ]
  }
}
