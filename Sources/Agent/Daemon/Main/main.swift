import Daemon

await AgentCommand.main()
