import ArgumentParser
import Daemon

/// The program `agent`.
@main
struct AgentMain {
  static func main() async {
    await AgentCommand.main()
  }
}
