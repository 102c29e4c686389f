public import EventModel
public import Store

extension SQLStore {
  /// The most schedules that one `commitPlan` takes.
  public static var maximumPlansPerTransaction: Int { LedgerLimits.plansPerTransaction }

  /// See ``PlanningStore``.
  public func schedulesToPlan(
    dueBefore horizon: Timestamp, limit: Int, share: PlanningShare, now: Timestamp
  ) async throws(StoreError) -> [PlanningItem] {
    try await read(.fresh) { try $0.schedulesToPlan(dueBefore: horizon, limit: limit, share: share, now: now) }
  }

  /// See ``PlanningStore``.
  public func commitPlan(_ plans: [SchedulePlan], now: Timestamp) async throws(StoreError) -> PlanAnswer {
    let rows = plans.reduce(plans.count) { $0 + $1.events.count }
    return try await write(.plan, rows: rows) { try $0.commitPlan(plans, now: now) }
  }

  /// See ``PlanningStore``. Goes through the schedules in several transactions, so that it holds nobody up; doing it
  /// again does no harm.
  public func markForReplan(timeZones: Set<String>, now: Timestamp) async throws(StoreError) -> Int {
    let rows = Session.schedulesPerMark
    var marked = 0
    var start: Int64? = 0
    while let after = start {
      let part = try await write(.plan, rows: rows) {
        try $0.markForReplan(timeZones: timeZones, after: after, limit: rows, now: now)
      }
      marked += part.marked
      start = part.last
    }
    return marked
  }

  /// See ``PlanningStore``. What the caller does not own somebody else may have to send at once.
  public func submit(
    _ oneOffs: [OneOff], owner: AgentLease?, now: Timestamp
  ) async throws(StoreError) -> SubmissionAnswer {
    let answer = try await write(.claim, rows: oneOffs.count) { try $0.submit(oneOffs, owner: owner, now: now) }
    if owner == nil { wakeOthers() }
    return answer
  }
}
