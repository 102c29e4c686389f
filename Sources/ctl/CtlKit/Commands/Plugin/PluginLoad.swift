import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginLoad: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Load a file from the agent's plugin folders, without a restart.",
    discussion: """
      The file must be in one of the folders already, and nobody but its owner may write to it. When the agent starts \
      anew it loads what its folders have, where its configuration says. Look at it beforehand: ctl plugin inspect.

      Examples:
        ctl plugin load ring.so --dry-run
        ctl plugin load ring.so --isolation process
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The file's name in a plugin folder of the agent, without a path.") var file: String
  @OptionGroup var choice: PluginFileChoice
  @OptionGroup var terms: PluginTerms
  @OptionGroup var confirmation: Confirmation

  var question: String { "Load \(file)" }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let isolation = try choice.wantedIsolation
    let request = Carillon_V1_LoadPluginRequest.with {
      $0.file = file
      $0.digest = choice.digest
      $0.isolation = isolation
      ($0.validateOnly, $0.requestID) = (terms.dryRun, terms.requestId)
    }
    return try await session.client.call { try await session.client.plugins.loadPlugin(request, options: $0) }
  }
}

/// What must hold of a file, and where it is to run.
struct PluginFileChoice: ParsableArguments {
  @Option(help: "What the file's digest must be: sha256: and 64 hexadecimal digits.") var digest = ""
  @Option(help: "Where it runs: process or in-process.") var isolation: String?

  var wantedIsolation: Carillon_V1_Plugin.Isolation {
    get throws(CtlError) {
      guard let isolation else { return .unspecified }
      return try EnumText.value(isolation, "--isolation")
    }
  }
}
