import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct AgentDrain: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Stop claiming, finish what is in flight, give back the rest. The agent stays up.",
    discussion: """
      With several agents in the context it asks first: drained all at once, nothing is sent. --agent takes one.

      Example:
        ctl agent drain --within 60s
      """)

  /// What the call may take beyond the drain itself.
  static let graceMilliseconds: Int64 = 10_000

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "How long what is in flight may take, at most 10m.") var within = TimeSpan(milliseconds: 20_000)
  @OptionGroup var confirmation: Confirmation

  var patience: Duration { .milliseconds(within.milliseconds + Self.graceMilliseconds) }

  func prepare(_ fleet: Fleet) throws {
    guard fleet.agents.count > 1 else { return }
    try confirmation.ask(
      "Drain all \(fleet.agents.count) agents (\(fleet.agents.joined(separator: ", ")))? Nothing is sent then.",
      fleet.around)
  }

  func ask(_ session: Session) async throws -> Carillon_V1_AgentStatus {
    let request = Carillon_V1_DrainAgentRequest.with { $0.timeout = .init(within) }
    let limit = global.timeout?.duration ?? patience
    return try await DrainProgress.told(
      session, inFlight: { try await Self.inFlight(session) },
      drain: {
        try await session.client.call { base in
          var options = base
          options.timeout = limit
          return try await session.client.agents.drainAgent(request, options: options)
        }
      })
  }

  private static func inFlight(_ session: Session) async throws(CtlError) -> Int64 {
    let status = try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
    return Int64(status.inFlight)
  }

  func show(_ answer: Carillon_V1_AgentStatus, _ printer: Printer) throws {
    try AgentStatusText.show(answer, printer)
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_AgentStatus>], _ printer: Printer) throws {
    try AgentStatusText.show(answers, printer)
  }

  func judge(_ answer: Carillon_V1_AgentStatus) throws {
    guard answer.inFlight == 0 else {
      throw CtlError(
        .timeout, "\(answer.inFlight) sends are in flight still",
        hint: "wait, or see which with: ctl event list --state processing")
    }
  }
}
