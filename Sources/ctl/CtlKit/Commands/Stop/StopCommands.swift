import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl stop-all`: stop everything now. It asks nothing: who needs it is in a hurry, and it can be taken back.
struct StopAll: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop-all", abstract: "Stop sending at once: every agent of the store starts nothing more.",
    discussion: """
      It holds over restarts, until resume-all. Planning and expiry go on: what passes its expiry meanwhile is not sent.

      Example:
        ctl stop-all --reason "wrong template"
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Why, for those who wonder; at most 500 bytes.") var reason = ""

  func perform(_ session: Session) async throws {
    let request = Carillon_V1_StopAllRequest.with { $0.reason = reason }
    let status = try await session.client.call { try await session.client.agents.stopAll(request, options: $0) }
    try session.printer.document(try Printer.json(status), names: [status.agent.name]) {
      StopText.lines(status, session.printer)
    }
  }
}

/// `ctl resume-all`
struct ResumeAll: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume-all", abstract: "Send again after stop-all, and say how much waits.",
    discussion: "Example:\n  ctl resume-all")

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let before = try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
    var queues: [Carillon_V1_Queue] = []
    try await Paging.each(
      limit: nil,
      fetch: { size, token throws(CtlError) in
        try await Queues.page(session.client, .init(parent: "", size: size, token: token))
      }, body: { queues += $0 })
    let waiting = Waiting(queues)
    let status = try await session.client.call { try await session.client.agents.resumeAll(.init(), options: $0) }
    try session.printer.document(try Printer.json(status), names: [status.agent.name]) {
      let first = before.hasStop ? "everything runs again" : "nothing was stopped; everything runs"
      return [session.printer.paint(first, .good)] + waiting.lines(session.printer)
    }
  }
}

/// That everything is stopped, so that nobody overlooks it.
enum StopText {
  static func lines(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    guard status.hasStop else { return [] }
    let stop = status.stop
    var said = "EVERYTHING IS STOPPED"
    if stop.hasTime { said += " since \(printer.show.time(stop.time, isSet: true))" }
    if !stop.actor.isEmpty { said += " by \(stop.actor)" }
    if !stop.reason.isEmpty { said += ": \(stop.reason)" }
    var lines = [printer.paint(Printable.escaped(said), .bad)]
    if status.inFlight > 0 { lines.append("sends that had begun before end by themselves: \(status.inFlight)") }
    return lines + ["send again with: ctl resume-all"]
  }
}

/// What waits in the queues; counted in whole buckets, so it may be a little too much.
struct Waiting {
  var due: Int64 = 0
  var open: Int64 = 0
  /// Ids of queues that stay paused.
  var paused: [String] = []

  init(_ queues: [Carillon_V1_Queue]) {
    for queue in queues {
      due += queue.status.due
      open += queue.status.open
      if queue.paused { paused.append(ResourceName.id(queue.name)) }
    }
  }

  func lines(_ printer: Printer) -> [String] {
    var lines = [due == 0 ? "no event is due" : "events that are due and go out now: up to \(due)"]
    if open > due { lines.append("events that are planned for later: up to \(open - due)") }
    if !paused.isEmpty {
      lines.append(printer.paint("paused still: \(Printable.escaped(paused.joined(separator: ", ")))", .warning))
    }
    return lines
  }
}
