import ArgumentParser

/// `ctl agent`
struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "The agents: how they are, what they log; drain, resume and reload them.",
    subcommands: [
      AgentList.self, AgentStatusCommand.self, AgentLogs.self, AgentDrain.self, AgentResume.self, AgentReload.self,
    ], aliases: ["agents"])
}
