import ArgumentParser

/// `ctl completion`
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "A script that completes commands, options and names in your shell.",
    discussion: """
      Names come from the live agent.

      Examples:
        ctl completion bash
        ctl completion zsh
        ctl completion fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish

    var shell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() {
    let output = Surroundings.current.output
    output.write(Ctl.completionScript(for: shell.shell))
    output.flush()
  }
}

extension CompletionKind {
  /// The names that there are now.
  static func names(of kind: ResourceKind) -> CompletionKind {
    .shellCommand("ctl __complete \(kind.singular) --timeout 2s 2>/dev/null")
  }
}
