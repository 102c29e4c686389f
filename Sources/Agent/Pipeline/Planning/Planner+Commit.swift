import EventModel
import Store

extension Planner {
  /// Plans in transactions of a bounded number of events.
  func parts(of plans: [SchedulePlan]) -> [ArraySlice<SchedulePlan>] {
    var parts: [ArraySlice<SchedulePlan>] = []
    var (start, events) = (0, 0)
    for (index, plan) in plans.enumerated() {
      if events > 0, events + plan.events.count > Limits.eventsPerCommit {
        parts.append(plans[start..<index])
        (start, events) = (index, 0)
      }
      events += plan.events.count
    }
    if start < plans.count { parts.append(plans[start...]) }
    return parts
  }

  /// Commits plans. When the store refuses them for one of them, halving finds it, and the others are kept.
  func commit(
    _ plans: ArraySlice<SchedulePlan>, _ items: [ScheduleNumber: PlanningItem]
  ) async throws(StoreError) -> PlanAnswer {
    do {
      return try await engine.store.commitPlan(Array(plans), now: engine.now().wall)
    } catch  where error.code == .invalid {
      guard plans.count > 1 else {
        guard let plan = plans.first, plan.error.isEmpty, let item = items[plan.schedule] else { throw error }
        let refused = PipelineError(.unplannable, error.message, cause: error)
        return try await engine.store.commitPlan([failed(item, refused, engine.now().wall)], now: engine.now().wall)
      }
      let middle = plans.startIndex + plans.count / 2
      let first = try await commit(plans[..<middle], items)
      let second = try await commit(plans[middle...], items)
      return PlanAnswer(
        planned: first.planned + second.planned, events: first.events + second.events,
        conflicts: first.conflicts + second.conflicts)
    }
  }
}
