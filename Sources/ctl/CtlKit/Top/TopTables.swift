/// The tables of `ctl top`.
enum TopTables {
  /// From this width on, all columns are shown.
  static let wideColumns = 110

  static func queues(_ queues: [TopSnapshot.Queue]) -> Table {
    Table(
      columns: [
        .init("  ID"), .init("PRIO", isRight: true), .init("STATE"), .init("DUE", isRight: true),
        .init("OPEN", isRight: true), .init("OLDEST", isRight: true), .init("IN FLIGHT", isRight: true),
        .init("RATE", isRight: true), .init("LIMIT", isWide: true, isRight: true), .init("LATE P99", isRight: true),
        .init("LAST SECONDS", isWide: true),
      ],
      rows: queues.map { queue in
        [
          .init("  " + queue.name), .init(String(queue.priority)),
          queue.isPaused ? .init("paused", .warning) : .init("running", .good),
          .init(Number.text(queue.due), queue.due > 0 ? .warning : .faint), .init(Number.text(queue.open)),
          .init(queue.oldestAge.map(Number.span) ?? ValueText.none, ageStyle(queue.oldestAge)),
          .init(Number.text(queue.inFlight)), .init(queue.rate.map { Number.text($0) + "/s" } ?? ValueText.none),
          .init(queue.limit.map { Number.text($0) + "/s" } ?? ValueText.none),
          .init(queue.lateness.map(Number.span) ?? ValueText.none, ageStyle(queue.lateness)),
          .init(Sparkline.of(queue.history), .good),
        ]
      })
  }

  static func sinks(_ sinks: [TopSnapshot.Sink]) -> Table {
    Table(
      columns: [
        .init("  ID"), .init("PLUGIN"), .init("STATE"), .init("CIRCUIT"), .init("IN FLIGHT", isRight: true),
        .init("WAITING", isRight: true), .init("DELIVERED 5M", isRight: true), .init("FAILED 5M", isRight: true),
        .init("ENDPOINTS", isWide: true),
      ],
      rows: sinks.map { sink in
        [
          .init("  " + sink.name), .init(sink.plugin),
          sink.disabledReason.isEmpty ? .init("in use", .good) : .init("disabled", .bad), circuit(sink),
          .init("\(sink.inFlight)/\(sink.maxInFlight)"), .init(Number.text(sink.waiting)),
          .init(Number.text(sink.delivered)), .init(Number.text(sink.failed), sink.failed > 0 ? .bad : .faint),
          .init(endpoints(sink)),
        ]
      })
  }

  static func agents(_ agents: [TopSnapshot.Agent]) -> Table {
    Table(
      columns: [
        .init("  NAME"), .init("STATE"), .init("UP", isRight: true), .init("LOADED", isRight: true),
        .init("IN FLIGHT", isRight: true), .init("UNRECORDED", isRight: true), .init("VERSION", isWide: true),
      ],
      rows: agents.map { agent in
        [
          .init("  " + agent.name), .init(agent.state, agent.style),
          .init(agent.uptime.map(Number.span) ?? ValueText.none), .init(Number.text(agent.loaded)),
          .init(Number.text(agent.inFlight)), .init(Number.text(agent.unrecorded)), .init(agent.version),
        ]
      })
  }

  private static func circuit(_ sink: TopSnapshot.Sink) -> Table.Cell {
    guard !sink.circuit.isEmpty else { return .init(ValueText.none) }
    let text = sink.reopensInSeconds.map { "\(sink.circuit), probe in \($0) s" } ?? sink.circuit
    return .init(text, sink.circuit == "closed" ? .good : .bad)
  }

  private static func endpoints(_ sink: TopSnapshot.Sink) -> String {
    var notes: [String] = []
    if sink.openEndpoints > 0 { notes.append("\(sink.openEndpoints) open") }
    if sink.goneEndpoints > 0 { notes.append("\(sink.goneEndpoints) gone") }
    return notes.isEmpty ? ValueText.none : notes.joined(separator: ", ")
  }

  /// A minute late is worth a look; a few seconds are the way of things.
  private static func ageStyle(_ milliseconds: Int64?) -> Style? {
    guard let milliseconds else { return .faint }
    return milliseconds >= 60_000 ? .bad : milliseconds >= 10_000 ? .warning : nil
  }
}

/// Numbers in few characters.
enum Number {
  /// `950`, `12.3k`, `4.5M`.
  static func text(_ number: Int64) -> String {
    let units: [(Int64, String)] = [(1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")]
    guard let (limit, unit) = units.first(where: { number >= $0.0 }) else { return String(number) }
    let scale = limit == 10_000 ? 1_000 : limit
    return "\(number / scale).\(number % scale * 10 / scale)\(unit)"
  }

  /// With one decimal below 100.
  static func text(_ number: Double) -> String {
    guard number.isFinite, number >= 0, number < 1e15 else { return ValueText.none }
    guard number < 100, number > 0 else { return text(Int64(number.rounded())) }
    let tenths = Int64((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// A span of time by its two largest units: `2d3h`, `4m10s`, `850ms`.
  static func span(_ milliseconds: Int64) -> String {
    let units: [(Int64, Int64)] = [(86_400_000, 3_600_000), (3_600_000, 60_000), (60_000, 1_000), (1_000, 1_000)]
    let rounded = units.first { milliseconds >= $0.0 }.map { milliseconds / $0.1 * $0.1 } ?? milliseconds
    return DurationText.text(milliseconds: rounded)
  }
}

/// A curve in a line of text.
enum Sparkline {
  private static let steps = Array("▁▂▃▄▅▆▇█")

  /// Scaled to the largest value.
  static func of(_ values: [Double]) -> String {
    guard let largest = values.max(), largest > 0 else { return String(repeating: "▁", count: values.count) }
    return String(values.map { steps[max(0, min(7, Int($0 / largest * 7)))] })
  }
}
