public import ArgumentParser
import EventModel
import Glibc
import PluginHost

/// The program `agent`.
public struct AgentCommand: AsyncParsableCommand {
  /// Name, abstract and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Plans time-based events and delivers them at the right moment.",
    discussion: """
      Example:
        agent run --config /etc/carillon/agent.yaml
      """,
    version: CarillonVersion.text,
    subcommands: [
      Run.self, Initialise.self, CheckConfig.self, PrintConfig.self, Backup.self, Restore.self, MigrateStore.self,
      ShowVersion.self,
    ],
    defaultSubcommand: Run.self)

  /// Makes the command.
  public init() {}
}

extension AgentCommand {
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Runs until SIGTERM or SIGINT, then drains; a second one ends it at once.",
      discussion: """
        Example:
          agent run --set store.path=/tmp/c.db --set listen.socket=/tmp/agent.sock
        """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Load Carillon's own plugins only: for an agent that a plugin keeps from working.")
    var safeMode = false

    func run() async throws {
      let loader = options.loader()
      var configuration = try options.load()
      configuration.pluginPolicy.isSafeMode = safeMode
      do {
        try await Agent.run(configuration, loader: loader)
      } catch let error as AgentError {
        ConfigurationOptions.complain(error.description)
        throw ExitCode(error.exitCode)
      }
    }
  }

  struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check-config", abstract: "Says whether the settings are valid; starts nothing.",
      discussion: """
        Reads the files that they name, too: certificates, keys and secrets.

        Example:
          agent check-config --config /etc/carillon/agent.yaml
        """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
      let configuration = try options.load()
      let faults = configuration.tls.read(now: SystemClock.now()).faults
      for warning in configuration.warnings { ConfigurationOptions.complain("warning: \(warning)") }
      for fault in faults { ConfigurationOptions.complain(fault.description) }
      guard faults.isEmpty else { throw ExitCode(EX_CONFIG) }
      print("configuration is valid")
    }
  }

  struct PrintConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print-config", abstract: "Shows every setting as it counts, and where it came from.",
      discussion: """
        A setting marked "live" changes with a reload (SIGHUP, or ctl agent reload), the others with a restart. Secrets
        are not shown; references to them are.

        Example:
          CARILLON_LOG_LEVEL=debug agent print-config
        """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
      let entries = try options.load().entries
      let width = entries.map(\.path.count).max() ?? 0
      let valueWidth = min(entries.map(\.value.count).max() ?? 0, 48)
      for entry in entries {
        let path = entry.path + String(repeating: " ", count: max(width - entry.path.count, 0))
        let value = entry.value + String(repeating: " ", count: max(valueWidth - entry.value.count, 0))
        print("\(path)  \(value)  # \(entry.origin)\(entry.isLive ? ", live" : "")")
      }
    }
  }

  struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Shows the version.")

    func run() {
      print("carillon agent \(CarillonVersion.text)")
    }
  }
}
