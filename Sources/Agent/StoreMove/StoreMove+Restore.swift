public import EventModel
import Glibc
public import Store
import StoreSQL
import Synchronization

extension StoreMove {
  /// Puts a backup into an empty store, all of it or nothing. What may have been sent since the backup was taken is not sent
  /// again: open rows that were to start before this moment are closed as skipped, and series begin anew at it.
  /// - Parameter since: what was to start at this moment or later is sent (late) all the same, since its receivers are
  ///   known to have lost it.
  /// - Throws: `.failedPrecondition` when the store is not empty or an agent runs on it, `.corrupt` when the backup is
  ///   damaged, `.invalid` when `since` is still to come.
  public static func restore(
    from path: String, into address: StoreAddress, resendSince since: Timestamp? = nil,
    watch: @escaping Watcher = { _ in }
  ) async throws(StoreError) -> Report {
    let descriptor = try BackupFile.open(reading: path)
    defer { close(descriptor) }
    let reader = LentReader(try BackupReader(descriptor))
    let store = try await OpenStore.open(address)
    do throws(StoreError) {
      let now = try await store.clock()
      if let since, since > now {
        throw StoreError(.invalid, "what is to be sent again was due before now: \(since.text) is still to come")
      }
      let report = try await take(reader, into: store, as: .restored(moment: since ?? now), watch)
      await store.close()
      return report
    } catch {
      await store.close()
      throw error
    }
  }

  /// What a store becomes of what is read into it.
  enum Purpose: Sendable {
    /// The same store in another place.
    case moved
    /// What the store was once: what was to start before the moment may have been sent.
    case restored(moment: Timestamp)
  }

  /// Reads a backup's tables into a store.
  static func take(
    _ lent: LentReader, into store: OpenStore, as purpose: Purpose, _ watch: @escaping Watcher
  ) async throws(StoreError) -> Report {
    let header = lent.header
    try await store.prepare(days: header.days)
    let now = try await store.clock()
    return try await store.writeAlone { session in
      let importer = Importer(session: session) { watch(Progress(table: $0, rows: $1)) }
      try importer.requireEmpty()
      let trailer = try lent.use { reader in try importer.read(&reader) }
      var report = Report(trailer, takenAt: Timestamp(microseconds: header.takenAt))
      // Before anything new is numbered.
      switch purpose {
      case .moved: try importer.setNumbers(header.numbers)
      case .restored: try importer.setNumbers(GivenNumbers.beyond(header.numbers))
      }
      try session.settleOpenBuckets()
      // A backup of a version before has records that are in no chain.
      try session.chainEarlierRecords()
      try session.endAllAgents(now: now)
      guard case .restored(let moment) = purpose else { return report }
      let detail =
        "may have been sent since the backup of \(report.takenAt.text) was taken; restored at \(now.text)"
      report.skipped = try session.skipRestored(before: moment, detail: detail, now: now)
      report.series = try session.beginSeriesAnew(at: moment)
      // What was to be relayed may have been; unless all since the backup is to be sent again.
      if moment > report.takenAt { try session.endRelays() }
      return report
    }
  }
}

/// A reader that is made by one task and used by a connection's thread.
final class LentReader: Sendable {
  let header: BackupHeader
  private let reader: Mutex<BackupReader>

  init(_ reader: consuming sending BackupReader) {
    header = reader.header
    self.reader = Mutex(reader)
  }

  func use<Value: Sendable>(_ body: (inout BackupReader) throws -> Value) rethrows -> Value {
    try reader.withLock { try body(&$0) }
  }
}
