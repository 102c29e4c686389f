public import EventModel
public import Store
import StoreSQL

extension SQLiteStore {
  /// See ``MaintenanceStore``.
  public func dropHistory(
    before history: Timestamp, deadLettersBefore: Timestamp
  ) async throws(StoreError) -> RetentionAnswer {
    let answer = try await write(.change, rows: Session.rowsPerUpkeep) {
      try $0.dropHistory(before: history, deadLettersBefore: deadLettersBefore)
    }
    if !answer.isPartial { try await scrubIfOwed() }
    return answer
  }
}
