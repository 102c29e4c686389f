import Synchronization

/// What arrived, kept for a table at the end: to whom, at which local time, whether the signature held, how late.
final class ReceivedSummary: Sendable {
  /// The most rows that are kept; later ones are only counted.
  static let maxRows = 1_000

  private static let columns: [Table.Column] = [
    .init("TO"), .init("TYPE"), .init("LOCAL TIME"), .init("ZONE"), .init("SAYS"), .init("JUDGED"),
    .init("LATE MS", isRight: true),
  ]

  private let rows = Mutex<(shown: [[Table.Cell]], more: Int)>(([], 0))

  func add(_ received: any Received) {
    rows.withLock { rows in
      guard rows.shown.count < Self.maxRows else {
        rows.more += 1
        return
      }
      rows.shown.append(received.row)
    }
  }

  func lines(paint: Paint) -> [String] {
    let (shown, more) = rows.withLock { $0 }
    let lines = Table(columns: Self.columns, rows: shown).lines(isWide: false, paint: paint)
    return more == 0 ? lines : lines + ["and \(more) more"]
  }
}
