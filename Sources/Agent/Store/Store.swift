/// A whole store. One value serves the whole agent, from any task; every verb is one transaction.
///
/// Verbs that depend on the time take `now`: the pipeline's corrected clock. Nothing in a store reads a clock of its own
/// but ``LeaseStore/clock()``.
public protocol Store: LeaseStore, PlanningStore, LedgerStore, ResourceStore, InspectionStore, MaintenanceStore,
  ChangeStore, AccessStore, AuditStore, CreationStore, BulkStore, StatisticsStore
{
  /// Says, each time, that another process changed something that agents act by: look now. Hints only: some are lost,
  /// several count as one, and whoever looks every second misses nothing. Ends at once in a store that has one process,
  /// or that cannot tell; ends with the store.
  func wakeUps() -> AsyncStream<Void>

  /// Finishes what is under way and closes. Calling it again does nothing.
  func close() async
}

extension Store {
  /// None.
  public func wakeUps() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
