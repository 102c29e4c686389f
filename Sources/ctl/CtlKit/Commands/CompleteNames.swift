import ArgumentParser

/// `ctl __complete`: names for completion scripts. It never fails aloud: who completes a word wants no errors.
struct CompleteNames: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "__complete", abstract: "Names of a noun, for completion scripts.",
    discussion: "Example:\n  ctl __complete queue", shouldDisplay: false)

  /// Names offered at once.
  static let maxNames = 200

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The noun.") var noun: String

  func perform(_ session: Session) async throws {
    let names: [String] =
      switch noun {
      case "user": try await Self.names(Users.self, session)
      case "schedule": try await Self.names(Schedules.self, session)
      case "event": try await Self.names(Events.self, session)
      case "sink": try await Self.names(Sinks.self, session)
      case "subscription": try await Self.names(Subscriptions.self, session)
      case "template": try await Self.names(Templates.self, session)
      case "queue": try await Self.names(Queues.self, session)
      case "plugin": try await Self.names(Plugins.self, session)
      case "dead-letter": try await Self.names(DeadLetters.self, session)
      case "token": try await Self.names(Tokens.self, session)
      case "grant": try await Self.names(Grants.self, session)
      default: []
      }
    for name in names { session.printer.sink.line(ResourceName.id(name)) }
  }

  private static func names<N: Noun>(_ noun: N.Type, _ session: Session) async throws(CtlError) -> [String] {
    let request = PageRequest(parent: session.parent(N.kind), size: Int32(maxNames), token: "")
    return try await N.page(session.client, request).items.map(\.name)
  }
}
