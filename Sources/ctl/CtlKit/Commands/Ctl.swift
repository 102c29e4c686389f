import ArgumentParser

/// The command `ctl`.
struct Ctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl", abstract: "Talk to Carillon: who is congratulated, told or reminded, when, and through what.",
    discussion: "Exit: \(exitHelp)", version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Files", subcommands: [ImportCommand.self, ApplyCommand.self, DiffCommand.self, DeleteFiles.self]),
      CommandGroup(
        name: "Resources",
        subcommands: [
          UserCommand.self, ScheduleCommand.self, EventCommand.self, TemplateCommand.self, SinkCommand.self,
          SubscriptionCommand.self, QueueCommand.self,
        ]),
      CommandGroup(
        name: "Operation",
        subcommands: [
          StopAll.self, ResumeAll.self, TopCommand.self, StatsCommand.self, DeadLetterCommand.self, AgentCommand.self,
          ShardCommand.self, PluginCommand.self, LedgerCommand.self, DoctorCommand.self, WatchCommand.self,
          ListenCommand.self,
        ]),
      CommandGroup(
        name: "Access",
        subcommands: [
          ContextCommand.self, WhoAmI.self, TokenCommand.self, GrantCommand.self, DenialCommand.self,
          AuditCommand.self,
        ]),
      CommandGroup(
        name: "More",
        subcommands: [
          APICommand.self, CompletionCommand.self, CompleteNames.self, ManCommand.self,
        ]),
    ])

  private static let exitHelp =
    ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ") + "."

  /// What most people want, instead of all there is.
  static let commonTasks = """
    Carillon sends the right word at the right moment. Common tasks:

      ctl import contacts.vcf --dry-run             see what an import would do
      ctl import contacts.vcf                       import people and their birthdays
      ctl apply -f carillon.yaml                    create sinks, subscriptions and schedules
      ctl event notify --title "Hello"              send a notification now

      ctl schedule upcoming --within 30d            who has a birthday soon
      ctl schedule preview SCHEDULE                 what will it say
      ctl schedule run SCHEDULE --test --wait       try it now, marked as a test
      ctl schedule skip SCHEDULE --next             not this time
      ctl event explain EVENT                       why was it sent, late, or not
      ctl user pause USER                           nothing more to this person

      ctl stop-all                                  stop everything now; resume-all goes on
      ctl dead-letter list                          what could not be delivered
      ctl dead-letter replay --all --since 24h      send it again
      ctl ledger verify --since 7d                  was anything lost last week
      ctl agent status                              how the agent is
      ctl doctor                                    what is wrong, and what to do
      ctl top                                       a live screen of all of it
      ctl watch                                     what happens to users and events, as it does
      ctl listen --port 8080                        receive webhooks here, to try them

    All commands: ctl --help. One command: ctl NOUN VERB --help.
    """

  func run() async throws {
    Surroundings.current.output.line(Self.commonTasks)
    Surroundings.current.output.flush()
  }
}

/// The version of `ctl`.
enum Version {
  static let text = "0.1.0"
}
