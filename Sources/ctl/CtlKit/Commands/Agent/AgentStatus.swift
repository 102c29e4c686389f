import ArgumentParser
import ControlAPI

struct AgentStatusCommand: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How the agents are: exit 0 when they are ready, 1 when not.",
    discussion: "Example:\n  ctl agent status")

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func ask(_ session: Session) async throws -> Carillon_V1_AgentStatus {
    try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
  }

  func show(_ answer: Carillon_V1_AgentStatus, _ printer: Printer) throws {
    try AgentStatusText.show(answer, printer)
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_AgentStatus>], _ printer: Printer) throws {
    try AgentStatusText.show(answers, printer)
  }

  func judge(_ answer: Carillon_V1_AgentStatus) throws {
    guard !answer.ready else { return }
    let reasons = answer.notReadyReasons.joined(separator: "; ")
    throw CtlError(.failed, "the agent is not ready" + (reasons.isEmpty ? "" : ": \(reasons)"))
  }
}
