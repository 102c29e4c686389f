import ArgumentParser
import ControlAPI

struct AgentResume: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Claim again after a drain.", discussion: "Example:\n  ctl agent resume")

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func ask(_ session: Session) async throws -> Carillon_V1_AgentStatus {
    try await session.client.call { try await session.client.agents.resumeAgent(.init(), options: $0) }
  }

  func show(_ answer: Carillon_V1_AgentStatus, _ printer: Printer) throws {
    try AgentStatusText.show(answer, printer)
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_AgentStatus>], _ printer: Printer) throws {
    try AgentStatusText.show(answers, printer)
  }
}
