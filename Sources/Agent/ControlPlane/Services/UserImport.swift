import ControlAPI
import EventModel
import GRPCCore
import Store

/// One import: a stream of users with their schedules, or of schedules alone. Each item is one transaction's worth; many of
/// them share one for speed, and are taken apart again when one of them fails.
struct UserImport {
  typealias Request = Carillon_V1_ImportUsersRequest
  typealias Response = Carillon_V1_ImportUsersResponse

  let environment: Environment
  let actor: Actor

  /// Answers each message as soon as it is committed, in order. Meanwhile the next ones are read, as many as
  /// ``ImportLine`` has places.
  func run(
    _ messages: RPCAsyncSequence<Request, any Error>, into writer: RPCWriter<Response>
  ) async throws {
    let line = ImportLine()
    environment.pipeline.importBegan()
    defer { environment.pipeline.importEnded() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var start: ImportStart?
        await line.fill(from: messages, environment, actor) { try await read($0, &start) }
      }
      group.addTask { try await line.answers { try await writer.write($0) } }
      try await group.waitForAll()
    }
  }

  private func read(_ message: Request, _ start: inout ImportStart?) async throws -> ImportMessage {
    let begun = try ImportStart(message, after: start)
    start = begun
    let maximum = environment.limits.maximumImportItems
    guard message.items.count <= maximum else { throw Failure.invalid("items", "must be at most \(maximum)") }
    var reader = try await ImportReader(environment: environment, namespace: begun.namespace)
    var batch = ImportMessage(isDryRun: begun.isDryRun)
    for item in message.items { batch.add(await reader.draft(item), tag: item.tag) }
    return batch
  }
}

/// What the first message of an import says for all of them.
struct ImportStart {
  let namespace: String
  let isDryRun: Bool

  init(_ message: Carillon_V1_ImportUsersRequest, after first: ImportStart?) throws {
    guard let first else {
      namespace = try ResourceName.namespace(message.parent)
      isDryRun = message.validateOnly
      return
    }
    guard message.parent.isEmpty || message.parent == ResourceName(kind: .namespace, id: first.namespace).text else {
      throw Failure.invalid("parent", "must be left out, or the same as in the first message")
    }
    self = first
  }
}
