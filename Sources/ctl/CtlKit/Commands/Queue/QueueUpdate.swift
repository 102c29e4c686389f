import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct QueueUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a queue's limits; running agents follow within seconds.",
    discussion: "Example:\n  ctl queue update low --rate 100 --batch 50")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String
  @OptionGroup var fields: QueueFields
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var queue = Carillon_V1_Queue()
    queue.name = try session.name(.queues, id)
    queue.etag = etag
    let mask = try fields.apply(to: &queue, session).mask()
    let complete = queue
    let request = Carillon_V1_UpdateQueueRequest.with {
      $0.queue = complete
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call { try await session.client.queues.updateQueue(request, options: $0) }
    try session.printer.one(answer)
  }
}
