public import EventModel
public import Store

extension SQLStore {
  /// See ``MaintenanceStore``.
  public func expire(now: Timestamp) async throws(StoreError) -> Int {
    try await write(.change, rows: Session.rowsPerUpkeep) { try $0.expire(now: now) }
  }
}
