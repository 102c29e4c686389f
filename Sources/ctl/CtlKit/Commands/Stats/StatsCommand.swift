import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl stats`. The sums are the store's, so one agent of a fleet answers for all.
struct StatsCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "What was sent, how it ended and how late, by queue and sink.",
    discussion: """
      Lateness is from due to the send, of delivered ones.

      Examples:
        ctl stats --since 24h
        ctl stats --since 5m --watch
      """)

  static let watchPause = Duration.seconds(2)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "How far back, at most 31d.") var since = TimeSpan(milliseconds: 3_600_000)
  @Flag(help: "Show it again every 2 s, until interrupted.") var watch = false
  @Option(help: .hidden) var count: Int?

  func perform(_ session: Session) async throws {
    let command = self
    try await Interruption.ends(if: watch) { try await command.look(session) }
  }

  private func look(_ session: Session) async throws {
    var left = watch ? count ?? .max : 1
    while left > 0 {
      let answer = try await Self.fetch(session, since.milliseconds)
      try show(answer, session.printer)
      session.printer.sink.flush()
      left -= 1
      if left > 0 { try await ContinuousClock().sleep(for: Self.watchPause) }
    }
  }

  static func fetch(_ session: Session, _ milliseconds: Int64) async throws(CtlError) -> Carillon_V1_Statistics {
    let now = session.around.now()
    let request = Carillon_V1_GetStatisticsRequest.with {
      $0.from = .init(milliseconds: now - milliseconds)
      $0.before = .init(milliseconds: now)
    }
    return try await session.client.call { try await session.client.agents.getStatistics(request, options: $0) }
  }

  private func show(_ answer: Carillon_V1_Statistics, _ printer: Printer) throws(CtlError) {
    let json = try Printer.json(answer)
    if watch, printer.format == .json { return printer.sink.line(json.compact) }
    try printer.document(json, names: answer.rows.map(\.queue)) {
      let show = printer.show
      let span =
        "\(show.time(answer.from, isSet: answer.hasFrom)) to \(show.time(answer.before, isSet: answer.hasBefore))"
      return [printer.paint(span, .faint)] + printer.lines(StatsTable.table(answer, show))
    }
  }
}

/// Statistics as a table.
enum StatsTable {
  static func table(_ answer: Carillon_V1_Statistics, _ show: ValueText) -> Table {
    Table(
      columns: [
        .init("QUEUE"), .init("SINK"), .init("DELIVERED", isRight: true), .init("RETRIED", isRight: true),
        .init("DEAD", isRight: true), .init("EXPIRED", isRight: true), .init("OTHER", isRight: true),
        .init("LATE P50", isRight: true), .init("P95", isRight: true), .init("P99", isRight: true),
        .init("MAX", isRight: true),
      ], rows: answer.rows.map { row($0, show) })
  }

  private static func row(_ row: Carillon_V1_Statistics.Row, _ show: ValueText) -> [Table.Cell] {
    let named = ["delivered", "retry", "dead", "expired"]
    let counts = named.map { row.outcomes[$0] ?? 0 }
    let rest = row.outcomes.filter { !named.contains($0.key) }.values.reduce(0, +)
    return [
      .init(show.id(row.queue)), .init(show.id(row.sink)), .init(String(counts[0]), counts[0] > 0 ? .good : nil),
      .init(String(counts[1]), counts[1] > 0 ? .warning : nil), .init(String(counts[2]), counts[2] > 0 ? .bad : nil),
      .init(String(counts[3]), counts[3] > 0 ? .bad : nil), .init(String(rest)),
      .init(show.duration(row.latenessP50, isSet: row.hasLatenessP50)),
      .init(show.duration(row.latenessP95, isSet: row.hasLatenessP95)),
      .init(show.duration(row.latenessP99, isSet: row.hasLatenessP99)),
      .init(show.duration(row.latenessMax, isSet: row.hasLatenessMax)),
    ]
  }
}
