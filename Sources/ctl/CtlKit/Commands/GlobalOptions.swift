import ArgumentParser

/// What every command takes.
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

  @OptionGroup(title: "Connection options")
  var connection: ConnectionOptions

  /// Whom the command talks to.
  func find(_ around: Surroundings) throws(CtlError) -> Connection {
    let given = namespace.flatMap { $0.isEmpty ? nil : $0 }
    return try ConnectionFinder.find(connection, namespace: given, around.environment)
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
