import ArgumentParser
import ControlAPI

struct QueueDelete: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a queue that is empty, or move what is in it.",
    discussion: "Example:\n  ctl queue delete bulk --move-to low")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String
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
