import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct QueueCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a queue. What is not said is as in the queue normal.",
    discussion: "Example:\n  ctl queue create bulk --priority 10 --rate 50")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new queue's id.") var id: String
  @OptionGroup var fields: QueueFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var queue = Carillon_V1_Queue()
    _ = try fields.apply(to: &queue, session)
    let complete = queue
    let request = Carillon_V1_CreateQueueRequest.with {
      $0.queueID = id
      $0.queue = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call { try await session.client.queues.createQueue(request, options: $0) }
    try session.printer.one(answer)
  }
}
