import EventModel
import Store
import StoreSQL

extension PostgresDialect {
  /// From so many rows on they are copied: the server fills whole pages at a time then, and no arrays are taken apart. It
  /// takes a round trip more.
  static let rowsWorthCopying = 64

  func copy(_ events: [EventRow], _ session: PostgresSession) throws {
    try session.copyIn("COPY event (\(EventRow.columns)) FROM STDIN (FORMAT binary)") { copy in
      for event in events {
        let row = event.row
        try copy.row(14)
        try copy.write(event.ref.bucket.rawValue)
        try copy.write(Int64(event.ref.sequence))
        try copy.write(row.schedule.rawValue)
        try copy.write(row.key)
        try copy.write(row.dueAt.microseconds)
        try copy.write(row.runAt.microseconds)
        try copy.write(Int64(row.attempt))
        try copy.write(Int64(row.hop))
        try copy.write(row.sink.rawValue)
        try copy.write(row.timeZone)
        try copy.write(row.carry.isEmpty ? nil : row.carry)
        try copy.write(row.firstAttemptAt?.microseconds)
        try copy.write(row.rendered)
        try copy.write(row.expiresFrom?.microseconds)
      }
    }
  }

  func copy(_ receipts: [ReceiptRow], _ session: PostgresSession) throws {
    try session.copyIn("COPY receipt (\(ReceiptRow.columns)) FROM STDIN (FORMAT binary)") { copy in
      for receipt in receipts {
        try copy.row(10)
        try copy.write(receipt.ref.bucket.rawValue)
        try copy.write(Int64(receipt.ref.sequence))
        try copy.write(receipt.sink.rawValue)
        try copy.write(receipt.outcome.code)
        try copy.write(Int64(receipt.closes ? 1 : 0))
        try copy.write(receipt.code)
        try copy.write(receipt.detail)
        try copy.write(receipt.externalID)
        try copy.write(receipt.startedAt?.microseconds)
        try copy.write(receipt.doneAt.microseconds)
      }
    }
  }
}

extension EventRow {
  static let columns = """
    bucket, seq, schedule, key, due_at, run_at, attempt, hop, sink, time_zone, carry, first_attempt_at, rendered, \
    expires_from
    """
}

extension ReceiptRow {
  /// What is written of it; its number and its transaction's are the server's to give.
  static let columns = "bucket, seq, sink, outcome, closes, code, detail, external_id, started_at, done_at"
}
