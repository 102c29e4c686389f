public import ArgumentParser
import EventModel
import Glibc

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
      Run.self, CheckConfig.self, PrintConfig.self, Backup.self, Restore.self, MigrateStore.self, ShowVersion.self,
    ],
    defaultSubcommand: Run.self)

  /// Makes the command.
  public init() {}
}

/// Where the settings come from, in every subcommand.
struct ConfigurationOptions: ParsableArguments {
  @Option(name: .long, help: "YAML file with the settings.")
  var config: String?

  @Option(name: .long, help: "One setting, such as store.path=/tmp/c.db; wins over file and environment. Repeatable.")
  var set: [String] = []

  /// Reads everything; a fault ends the program with EX_CONFIG (sysexits.h).
  func load() throws -> Configuration {
    do {
      return try Configuration(
        file: try config.map { ($0, try Self.read($0)) }, environment: Self.environment(), flags: set,
        programFolder: Self.programFolder(), hostName: Self.hostName())
    } catch let error as ConfigurationError {
      for fault in error.faults { Self.complain(fault) }
      throw ExitCode(EX_CONFIG)
    }
  }

  static func complain(_ line: String) {
    var text = "agent: \(line)\n"
    // If standard error is closed there is nowhere left to say so; the exit code still tells.
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private static func read(_ path: String) throws(ConfigurationError) -> String {
    guard let file = fopen(path, "r") else {
      throw ConfigurationError(faults: ["\(path): cannot be read: \(String(cString: strerror(errno)))"])
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: ConfigurationSource.maximumFileBytes + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else {
      throw ConfigurationError(faults: ["\(path): cannot be read: \(String(cString: strerror(errno)))"])
    }
    guard count <= ConfigurationSource.maximumFileBytes,
      let text = String(validating: bytes[..<count], as: UTF8.self)
    else {
      throw ConfigurationError(
        faults: ["\(path): must be UTF-8 text of at most \(ConfigurationSource.maximumFileBytes) bytes"])
    }
    return text
  }

  private static func environment() -> [String: String] {
    var result: [String: String] = [:]
    for key in ConfigurationKey.all {
      if let value = getenv(key.environmentName) { result[key.environmentName] = String(cString: value) }
    }
    return result
  }

  private static func programFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "agent" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
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

    func run() async throws {
      let configuration = try options.load()
      do {
        try await Agent.run(configuration)
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
        Example:
          agent check-config --config /etc/carillon/agent.yaml
        """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
      _ = try options.load()
      print("configuration is valid")
    }
  }

  struct PrintConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "print-config", abstract: "Shows every setting as it counts, and where it came from.",
      discussion: """
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
        print("\(path)  \(value)  # \(entry.origin)")
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
