import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct QueuePurge: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge", abstract: "Cancel all that is pending in a queue, for good. What is being sent goes on.",
    discussion: """
      Asks for the queue's id first. Each event keeps a receipt with the reason.

      Example:
        ctl queue purge bulk --reason "wrong import" --yes
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String
  @Option(help: "Why, for the receipts and the audit record; at most 500 bytes.") var reason = ""
  @Option(parsing: .unconditional, help: "Only what is due before: RFC 3339, now, +1h.") var dueBefore: InstantArgument?
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    let name = try session.name(.queues, id)
    let queue = try await Queues.get(session.client, name: name)
    let what =
      dueBefore == nil ? "everything that is pending (about \(queue.status.open) events)" : "what is due by then"
    try confirmation.askToType(
      ResourceName.id(name), "Cancel \(what) in the queue \(ResourceName.id(name)), for good?", session.around)
    let request = Carillon_V1_PurgeQueueRequest.with {
      $0.name = name
      $0.reason = reason
      if let dueBefore { $0.dueBefore = .init(dueBefore, around: session.around) }
    }
    let total = dueBefore == nil && queue.status.open > 0 ? queue.status.open : nil
    try await BulkRun(verb: "cancelled", noun: "events", total: total).perform(session) { follow in
      try await session.client.queues.purgeQueue(
        request, options: session.client.streamOptions, onResponse: follow)
    }
  }
}
