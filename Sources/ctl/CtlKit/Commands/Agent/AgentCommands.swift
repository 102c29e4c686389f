import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

/// `ctl agent`
struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "The agents, and the one that answers.",
    subcommands: [AgentList.self, AgentStatusCommand.self, AgentDrain.self, AgentResume.self], aliases: ["agents"])
}

extension Carillon_V1_Agent: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("STATE"), .init("LEASE LEFT", isRight: true), .init("PREFERS"),
    .init("BUCKETS", isRight: true), .init("EVENTS", isRight: true), .init("STARTED"), .init("EPOCH", isRight: true),
    .init("VERSION"), .init("LEASE UNTIL", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), stateCell, .init(show.duration(leaseLeft, isSet: hasLeaseLeft)),
      .init(prefers.isEmpty ? "all" : prefers.joined(separator: ", ")), .init(String(ownedBuckets)),
      .init(String(ownedEvents)), .init(show.time(startTime, isSet: hasStartTime)), .init(String(epoch)),
      .init(show.text(version)), .init(show.time(leaseUntilTime, isSet: hasLeaseUntilTime)),
    ]
  }

  private var stateCell: Table.Cell {
    let style: Style? =
      switch state {
      case .live: .good
      case .lost: .bad
      default: nil
      }
    return state == .unspecified ? .init(ValueText.none) : .init(EnumText.label(state), style)
  }
}

struct AgentList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the agents of the store: who is live, and who holds what.",
    discussion: """
      A live agent's lease holds. A lost one crashed, hangs, or is cut off from the store: the others take its buckets. \
      One that left ended its lease itself.

      Examples:
        ctl agent list
        ctl agent list -o json
      """)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListAgentsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call {
        try await session.client.agents.listAgents(request, options: $0)
      }
      return Page(items: answer.agents, next: answer.nextPageToken)
    }
  }
}

struct AgentStatusCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How the agent is: exit 0 when it is ready, 1 when not.",
    discussion: "Example:\n  ctl agent status")

  @OptionGroup var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let status = try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
    try AgentStatusText.show(status, session.printer)
    guard status.ready else {
      let reasons = status.notReadyReasons.joined(separator: "; ")
      throw CtlError(.failed, "the agent is not ready" + (reasons.isEmpty ? "" : ": \(reasons)"))
    }
  }
}

struct AgentDrain: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Stop claiming, finish what is in flight, give back the rest. The agent stays up.",
    discussion: "Example:\n  ctl agent drain --within 60s")

  /// What the call may take beyond the drain itself.
  static let graceMilliseconds: Int64 = 10_000

  @OptionGroup var global: GlobalOptions
  @Option(help: "How long what is in flight may take, at most 10m.") var within = TimeSpan(milliseconds: 20_000)

  func perform(_ session: Session) async throws {
    let request = Carillon_V1_DrainAgentRequest.with { $0.timeout = .init(within) }
    let wait = global.timeout ?? TimeSpan(milliseconds: within.milliseconds + Self.graceMilliseconds)
    let status = try await session.client.call { base in
      var options = base
      options.timeout = wait.duration
      return try await session.client.agents.drainAgent(request, options: options)
    }
    try AgentStatusText.show(status, session.printer)
    guard status.inFlight == 0 else {
      throw CtlError(
        .timeout, "\(status.inFlight) sends are in flight still",
        hint: "wait, or see which with: ctl event list --state processing")
    }
  }
}

struct AgentResume: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Claim again after a drain.", discussion: "Example:\n  ctl agent resume")

  @OptionGroup var global: GlobalOptions

  func perform(_ session: Session) async throws {
    let status = try await session.client.call { try await session.client.agents.resumeAgent(.init(), options: $0) }
    try AgentStatusText.show(status, session.printer)
  }
}

/// An agent's state, for people.
enum AgentStatusText {
  static func show(_ status: Carillon_V1_AgentStatus, _ printer: Printer) throws(CtlError) {
    try printer.document(try Printer.json(status), names: [status.agent.name]) {
      let stop = StopText.lines(status, printer)
      return (stop.isEmpty ? [] : stop + [""]) + facts(status, printer) + [""] + queues(status, printer)
    }
  }

  private static func facts(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    let show = printer.show
    let state: Table.Cell =
      status.hasStop
      ? .init("stopped", .bad)
      : status.draining ? .init("draining", .warning) : status.ready ? .init("ready", .good) : .init("not ready", .bad)
    var rows: [[Table.Cell]] = [
      ["agent", .init(show.id(status.agent.name))], ["state", state],
      ["version", .init(show.text(status.agent.version))],
      ["up for", .init(show.duration(status.uptime, isSet: status.hasUptime))],
      ["time zones", .init(show.text(status.tzdbVersion))],
      ["lease until", .init(show.time(status.agent.leaseUntilTime, isSet: status.agent.hasLeaseUntilTime))],
      ["loaded", .init(String(status.loaded))], ["in flight", .init(String(status.inFlight))],
      ["unrecorded", .init(String(status.unrecorded))],
    ]
    rows += status.notReadyReasons.map { ["reason", .init($0, .bad)] }
    // A table without its header: names at the left, values at the right.
    return Array(printer.lines(Table(columns: [.init(""), .init("")], rows: rows)).dropFirst())
  }

  private static func queues(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    guard !status.queues.isEmpty else { return [] }
    let columns: [Table.Column] = [
      .init("QUEUE"), .init("LOADED", isRight: true), .init("IN FLIGHT", isRight: true),
      .init("DELIVERED", isRight: true), .init("FAILED", isRight: true),
    ]
    let rows: [[Table.Cell]] = status.queues.map {
      [
        .init(ResourceName.id($0.queue)), .init(String($0.loaded)), .init(String($0.inFlight)),
        .init(String($0.deliveredTotal)), .init(String($0.failedTotal)),
      ]
    }
    return printer.lines(Table(columns: columns, rows: rows))
  }
}
