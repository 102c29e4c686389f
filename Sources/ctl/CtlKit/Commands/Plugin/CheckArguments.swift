import ArgumentParser
import PluginTesting

/// What `ctl plugin check` can be told.
struct CheckArguments: ParsableArguments {
  private static let jobsAllowed = 1...64
  /// Longest document, in bytes.
  private static let maximumDocumentBytes = 256 * 1_024

  @Flag(help: "One JSON document instead of lines.") var json = false
  @Flag(help: "List the cases, and check nothing.") var list = false
  @Option(name: .customLong("case"), help: "Only this case; may be given several times.") var cases: [String] = []
  @Option(help: "What everything random comes from (default: another one each time; it is printed).") var seed: UInt64?
  @Option(help: "The configuration: JSON, or a file with it.") var config: String?
  @Option(help: "A schedule's definition, for event types: JSON, or a file with it.") var definition: String?
  @Option(name: .customLong("user"), help: "The user, for event types: JSON, or a file with it.") var person: String?
  @Option(help: "The address in each delivery, for sinks.") var endpoint: String?
  @Option(help: "Cases at the same time (default: one for each processor, at least 2).") var jobs: Int?
  @Option(help: "How long one call may take, such as 10s.") var callLimit = TimeSpan(milliseconds: 5_000)
  @Flag(help: "Run the one case in this process, for a debugger.") var foreground = false

  /// Checks what goes together.
  func validate(file: String?) throws {
    if list { return }
    guard file != nil else { throw ValidationError("FILE is missing: the plugin's .so file") }
    if let jobs, !Self.jobsAllowed.contains(jobs) { throw ValidationError("--jobs must be 1 to 64") }
    guard callLimit.milliseconds > 0 else { throw ValidationError("--call-limit must be more than 0s") }
    if foreground, cases.count != 1 { throw ValidationError("--foreground takes exactly one --case") }
    for name in cases where CheckCase.named(name) == nil {
      let nearest = NearestName.suggestion(name, in: CheckCase.all.map(\.name))
      throw ValidationError("--case: there is no case \(Excerpt.of(name))\(nearest)")
    }
  }

  /// The check that these arguments ask for.
  func options(file: String, _ around: Surroundings) throws(CtlError) -> CheckOptions {
    var options = CheckOptions(file: try Self.path(file), seed: seed ?? .random(in: 0...999_999_999))
    options.cases = cases
    options.jobs = jobs ?? CheckOptions.defaultJobs
    options.endpoint = endpoint ?? ""
    options.callLimitMilliseconds = callLimit.milliseconds
    options.configuration = try Self.document(config, "--config", around)
    options.definition = try Self.document(definition, "--definition", around)
    options.user = try Self.document(person, "--user", around)
    return options
  }

  /// Documents as they stand on the command line, so that a case can be run again.
  var repeated: [(option: String, value: String)] {
    [("--config", config), ("--definition", definition), ("--user", person), ("--endpoint", endpoint)]
      .compactMap { option, value in value.map { (option, $0) } }
  }

  /// The loader looks names without a slash up elsewhere.
  private static func path(_ file: String) throws(CtlError) -> String {
    _ = try InputFile(file)
    return file.contains("/") ? file : "./" + file
  }

  private static func document(_ text: String?, _ option: String, _ around: Surroundings) throws(CtlError) -> String {
    guard let text else { return "" }
    if text.first == "{" { return text }
    let file = text.hasPrefix("@") ? String(text.dropFirst()) : text
    let bytes = try InputFile(file, surroundings: around).readAll(maxBytes: maximumDocumentBytes)
    guard let content = String(validating: bytes, as: UTF8.self) else { throw .invalid(option, "the file is no UTF-8") }
    return content
  }
}
