import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct QueueDrain: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Pause a queue, and wait until nothing of it is in flight on any agent.",
    discussion: """
      Exit 7 when something is in flight still at the end. It stays paused; ctl queue resume goes on.

      Example:
        ctl queue drain low --within 60s
      """)

  /// What the call may take beyond the drain itself.
  static let grace = Duration.seconds(10)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .queues)) var id: String
  @Option(help: "How long what is in flight may take, at most 10m.") var within = TimeSpan(milliseconds: 20_000)

  var patience: Duration { within.duration + Self.grace }

  func ask(_ session: Session) async throws -> Carillon_V1_Queue {
    let name = try session.name(.queues, id)
    let request = Carillon_V1_DrainQueueRequest.with {
      $0.name = name
      $0.timeout = .init(within)
    }
    let limit = global.timeout?.duration ?? patience
    return try await DrainProgress.told(
      session, inFlight: { Int64(try await Queues.get(session.client, name: name).status.inFlight) },
      drain: {
        try await session.client.call { base in
          var options = base
          options.timeout = limit
          return try await session.client.queues.drainQueue(request, options: options)
        }
      })
  }

  func show(_ answer: Carillon_V1_Queue, _ printer: Printer) throws { try printer.one(answer) }

  func show(_ answers: [FleetAnswer<Carillon_V1_Queue>], _ printer: Printer) throws {
    try FleetPrinter(printer: printer).rows(answers.map { .init(agent: $0.agent, answer: [$0.answer]) })
  }

  func judge(_ answer: Carillon_V1_Queue) throws {
    guard answer.status.inFlight == 0 else {
      throw CtlError(
        .timeout, "\(answer.status.inFlight) sends of it are in flight still", hint: "wait, then say it again")
    }
  }
}
