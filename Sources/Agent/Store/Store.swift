/// A whole store. One value serves the whole agent, from any task; every verb is one transaction.
///
/// Verbs that depend on the time take `now`: the pipeline's corrected clock. Nothing in a store reads a clock of its own
/// but ``LeaseStore/clock()``.
public protocol Store: LeaseStore, PlanningStore, LedgerStore, ResourceStore, InspectionStore, MaintenanceStore,
  ChangeStore
{
  /// Finishes what is under way and closes. Calling it again does nothing.
  func close() async
}
