import ArgumentParser

/// What every command takes. What it does not say of whom to talk to, the environment says; else the context.
struct GlobalOptions: ParsableArguments {
  /// How long one call may take unless `--timeout` says otherwise.
  static let standardTimeout = Duration.seconds(30)

  @Option(name: .shortAndLong, help: "Form of the output: table, wide, name, json, jsonl or yaml.")
  var output = OutputFormat.table

  @Option(name: .shortAndLong, help: "Namespace [env: CARILLON_NAMESPACE] (default: the context's, else default).")
  var namespace: String?

  @Option(help: "How long a call may take, such as 5s (default: 30s).")
  var timeout: TimeSpan?

  @Option(help: "Colour: auto, always or never.")
  var color = ColourChoice.auto

  @Option(help: "Zone in which times are shown, such as Europe/Paris (default: UTC).")
  var tz: String?

  // Whom to talk to. No group of its own: debug builds check a group within a group five times as often.
  @Option(help: "The context to use [env: CARILLON_CONTEXT] (default: the one in use; see ctl context).")
  var context: String?

  @Option(help: "Only this agent of the context.")
  var agent: String?

  @Option(help: "The agent's Unix socket [env: CARILLON_SOCKET].")
  var socket: String?

  @Option(help: "The agent's address, HOST:PORT or unix:PATH [env: CARILLON_SERVER].")
  var server: String?

  @Option(help: "PEM file of the authorities to trust [env: CARILLON_AUTHORITY].")
  var authority: String?

  @Option(name: .customLong("client-certificate"), help: "PEM file of your certificate [env: CARILLON_CERTIFICATE].")
  var certificate: String?

  @Option(name: .customLong("client-key"), help: "PEM file of its key [env: CARILLON_KEY].")
  var key: String?

  @Option(help: "Name that the agent's certificate must have [env: CARILLON_SERVER_NAME].")
  var serverName: String?

  @Option(help: "Where your bearer token is, file:PATH or env:NAME [env: CARILLON_TOKEN, the token itself].")
  var token: String?

  func validate() throws {
    if socket != nil, server != nil { throw ValidationError("--socket and --server exclude each other") }
  }

  /// Whom the command talks to.
  func find(_ around: Surroundings) throws(CtlError) -> Connection {
    try ConnectionFinder.find(self, around.environment)
  }

  func printer(_ around: Surroundings) throws(CtlError) -> Printer {
    let isColoured = color.isOn(isTerminal: around.isOutputTerminal, environment: around.environment)
    return Printer(
      format: output, paint: Paint(isOn: isColoured), show: ValueText(zone: try ZoneClock(named: tz ?? "UTC")),
      sink: around.output)
  }
}

extension OutputFormat: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

/// A span of time on the command line.
struct TimeSpan: ExpressibleByArgument, Sendable, Equatable {
  var milliseconds: Int64

  init(milliseconds: Int64) { self.milliseconds = milliseconds }

  init?(argument: String) {
    guard let milliseconds = DurationText.milliseconds(argument) else { return nil }
    self.milliseconds = milliseconds
  }

  var duration: Duration { .milliseconds(milliseconds) }

  var defaultValueDescription: String { DurationText.text(milliseconds: milliseconds) }
}

/// An instant on the command line: RFC 3339, `now`, or ahead of now by a span (`+10m`).
struct InstantArgument: ExpressibleByArgument, Sendable, Equatable {
  private enum Form: Equatable {
    case absolute(seconds: Int64, nanoseconds: Int32)
    case relative(milliseconds: Int64)
  }

  static let now = InstantArgument(form: .relative(milliseconds: 0))

  private let form: Form

  private init(form: Form) { self.form = form }

  init?(argument: String) {
    if argument == "now" {
      form = .relative(milliseconds: 0)
    } else if let sign = argument.first, "+-".contains(sign),
      let span = DurationText.milliseconds(String(argument.dropFirst()))
    {
      form = .relative(milliseconds: sign == "-" ? -span : span)
    } else if let instant = Timestamps.parse(argument) {
      form = .absolute(seconds: instant.seconds, nanoseconds: instant.nanoseconds)
    } else {
      return nil
    }
  }

  /// The instant, `now` being in milliseconds since 1970.
  func timestamp(now: Int64) -> (seconds: Int64, nanoseconds: Int32) {
    switch form {
    case .absolute(let seconds, let nanoseconds): return (seconds, nanoseconds)
    case .relative(let span):
      let total = now + span
      return (total / 1_000, Int32(total % 1_000) * 1_000_000)
    }
  }
}

/// `name=value` on the command line.
struct PairArgument: ExpressibleByArgument, Sendable, Equatable {
  var name: String
  var value: String

  init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    name = String(parts[0])
    value = String(parts[1])
  }
}
