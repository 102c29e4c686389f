import ArgumentParser
import Glibc

/// Where the settings come from, in every subcommand.
struct ConfigurationOptions: ParsableArguments {
  @Option(name: .long, help: "YAML file with the settings.", completion: .file(extensions: ["yaml"]))
  var config: String?

  @Option(name: .long, help: "One setting, such as store.path=/tmp/c.db; wins over file and environment. Repeatable.")
  var set: [String] = []

  /// What reads them, as often as it is asked.
  func loader() -> ConfigurationLoader { ConfigurationLoader(file: config, flags: set) }

  /// Reads everything; a fault ends the program with EX_CONFIG (sysexits.h).
  func load() throws -> Configuration {
    do throws(ConfigurationError) {
      return try loader().load()
    } catch {
      for fault in error.faults { Self.complain(fault.description) }
      throw ExitCode(EX_CONFIG)
    }
  }

  static func complain(_ line: String) {
    var text = "agent: \(line)\n"
    // If standard error is closed there is nowhere left to say so; the exit code still tells.
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
