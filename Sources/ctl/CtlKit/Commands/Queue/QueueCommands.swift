import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl queue`
struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Priority queues and their limits.",
    subcommands: [
      ListCommand<Queues>.self, GetCommand<Queues>.self, QueueCreate.self, QueueUpdate.self, QueuePause.self,
      QueueResume.self, QueueDelete.self,
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

struct QueuePause: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Start nothing more of a queue; expiry goes on.",
    discussion: "Example:\n  ctl queue pause low")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String

  func perform(_ session: Session) async throws {
    let name = try session.name(.queues, id)
    let queue = try await session.client.call {
      try await session.client.queues.pauseQueue(.with { $0.name = name }, options: $0)
    }
    try session.printer.one(queue)
  }
}

struct QueueResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Start a paused queue again.", discussion: "Example:\n  ctl queue resume low")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String

  func perform(_ session: Session) async throws {
    let name = try session.name(.queues, id)
    let queue = try await session.client.call {
      try await session.client.queues.resumeQueue(.with { $0.name = name }, options: $0)
    }
    try session.printer.one(queue)
  }
}

struct QueueDelete: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a queue that is empty, or move what is in it.",
    discussion: "Example:\n  ctl queue delete bulk --move-to low")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "Id or full name.") var id: String
  @Option(help: "The queue that takes what is in it.") var moveTo: String?
  @Option(help: "Delete only if it still has this etag.") var etag = ""

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_DeleteQueueRequest()
    request.name = try session.name(.queues, id)
    request.moveTo = try ResourceKind.queues.optionalName(moveTo, namespace: session.namespace)
    request.etag = etag
    let complete = request
    _ = try await session.client.call { try await session.client.queues.deleteQueue(complete, options: $0) }
    try EffectReport(kind: .queues, name: complete.name, effect: .deleted).show(session.printer)
  }
}
