import Synchronization

/// What arrived, kept for a table at the end: to whom, at which local time, whether the signature held, how late.
final class ReceivedSummary: Sendable {
  /// The most rows that are kept; later ones are only counted.
  static let maxRows = 1_000

  private static let columns: [Table.Column] = [
    .init("TO"), .init("TYPE"), .init("LOCAL TIME"), .init("ZONE"), .init("SAYS"), .init("SIGNATURE"),
    .init("LATE MS", isRight: true),
  ]

  private let rows = Mutex<(shown: [[Table.Cell]], more: Int)>(([], 0))

  func add(_ received: ReceivedWebhook) {
    rows.withLock { rows in
      guard rows.shown.count < Self.maxRows else {
        rows.more += 1
        return
      }
      rows.shown.append(Self.cells(received))
    }
  }

  func lines(paint: Paint) -> [String] {
    let (shown, more) = rows.withLock { $0 }
    let lines = Table(columns: Self.columns, rows: shown).lines(isWide: false, paint: paint)
    return more == 0 ? lines : lines + ["and \(more) more"]
  }

  private static func cells(_ received: ReceivedWebhook) -> [Table.Cell] {
    let data = received.document?["data"]
    let person = data?["user"]?["display_name"]?.text ?? data?["user"]?["id"]?.text ?? "everybody"
    let isGood = received.verdict == .verified
    return [
      .init(person), .init(received.type ?? ""), .init(data?["local_time"]?.text ?? ""),
      .init(data?["time_zone"]?.text ?? ""), .init(received.text ?? received.title ?? ""),
      .init(received.verdict.description, isGood ? .good : .bad), .init(received.lateMilliseconds ?? ""),
    ]
  }
}
