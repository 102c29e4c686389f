import ArgumentParser
import AuthorDesk

struct PluginRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Try a plugin without an agent: feed it events and show what it does.",
    discussion: """
      A sink is handed the events of a file, one JSON object a line, such as
      {"title": "Hello", "text": "It works.", "key": "k1", "event": {"type": "notification"}}; without a file one event
      of its own. An event type is asked for its next occurrences. What the plugin logs goes to standard error. Secrets
      in the configuration are references, as in an agent: env:NAME, file:PATH.

      The plugin runs in a process of its own: a crash is told, with a command that shows where it was.

      Examples:
        ctl plugin run ./libcarillon-diary.so --config config.json --events events.jsonl
        ctl plugin run ./libcarillon-plants.so --definition definition.json --zone Europe/Paris --count 5 --render
      """)

  @Argument(help: "The plugin's file.", completion: .file(extensions: ["so"])) var file: String
  @Option(help: "Its configuration, JSON or a file of it.", completion: .file()) var config: String?
  @Option(help: "A sink's events, one JSON object a line; - is standard input.", completion: .file())
  var events: String?
  @Option(help: "Events that are handed over at once, 1 to 1000.") var batch = 100
  @Option(help: "An event type's definition, JSON or a file of it.", completion: .file()) var definition: String?
  @Option(help: "The person, JSON or a file of it.", completion: .file()) var user: String?
  @Option(help: "The zone of the schedule, such as Europe/Paris.") var zone = "UTC"
  @Option(help: "Local time from which on occurrences are wanted, such as 2026-01-01T00:00 (default: now).")
  var from: String?
  @Option(help: "How many occurrences, 1 to 10000.") var count = 10
  @Flag(help: "Show what each occurrence says.") var render = false
  @Option(help: "How long one call into the plugin, and one delivery, may take.")
  var limit = TimeSpan(milliseconds: 10_000)
  @Flag(help: "Show what the plugin logs at the level debug, too.") var verbose = false
  @Flag(help: "Run it in this very process: for debuggers.") var here = false
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...RunLimits.maxBatch).contains(batch) else {
      throw ValidationError("--batch: \(batch) is outside 1 to \(RunLimits.maxBatch)")
    }
    guard (1...RunLimits.maxOccurrences).contains(count) else {
      throw ValidationError("--count: \(count) is outside 1 to \(RunLimits.maxOccurrences)")
    }
    guard limit.milliseconds > 0 else { throw ValidationError("--limit: must be longer than nothing") }
  }

  func run() async throws {
    guard here else { return try RunChild(command: self).perform() }
    defer { ChildProgram.isThrough() }
    try await RunDesk(command: self).perform()
  }
}
