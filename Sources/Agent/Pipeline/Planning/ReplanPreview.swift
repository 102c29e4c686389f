import CivilTime
public import EventModel
public import Store

/// What a re-plan would do to one pending occurrence, or why it could do nothing.
public struct ReplanChange: Hashable, Sendable {
  /// What becomes of it.
  public enum What: Hashable, Sendable {
    /// It is due at another time, or goes to another queue.
    case moves(to: Timestamp, queue: String)
    /// It is not wanted any more.
    case ends
    /// Its schedule cannot be planned; why, for people.
    case fails(String)
    /// Stands for so many more of its schedule.
    case more(Int)
  }

  /// The most changes of one schedule that are told one by one.
  public static let mostPerSchedule = 200

  /// The schedule's id.
  public var scheduleID: String
  /// The person's id; nil for a broadcast.
  public var userID: String?
  /// The event type's name.
  public var eventType: String
  /// The zone that counts now.
  public var timeZone: String
  /// The occurrence key; empty when it is about the schedule.
  public var key: String
  /// When it is due as it is planned; nil when it is about the schedule.
  public var dueAt: Timestamp?
  /// What becomes of it.
  public var what: What
}

extension Pipeline {
  /// What a re-plan of some schedules would change now. Nothing is written. Zone files that have changed and were not read
  /// again yet count.
  /// - Parameter page: a page of schedules; the changes of one page are all there are for its schedules.
  /// - Throws: `.store` with the `StoreError` as its cause.
  public func previewReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(PipelineError) -> (schedules: Int, changes: [ReplanChange], next: String) {
    let items: Page<PlanningItem>
    do {
      items = try await engine.store.schedulesToReplan(namespace: namespace, filter: filter, page: page)
    } catch {
      throw PipelineError(.store, error.message, cause: error)
    }
    // What cannot be read is what the next reload will say; until then the rules in use count.
    let fresh = (try? engine.zones.pendingChanges().changed) ?? [:]
    let trial = Planner(engine, trialRules: fresh)
    let now = engine.now().wall
    let plans = await trial.plans(for: items.items, now: now, now + engine.configuration.horizon)
    let byNumber = Dictionary(plans.map { ($0.schedule, $0) }, uniquingKeysWith: { first, _ in first })
    let changes = items.items.flatMap { item in byNumber[item.schedule].map { Self.changes(item, $0) } ?? [] }
    return (items.items.count, changes, items.next)
  }

  /// What a plan does to what is pending, by due time.
  static func changes(_ item: PlanningItem, _ plan: SchedulePlan) -> [ReplanChange] {
    func change(_ key: String, _ dueAt: Timestamp?, _ what: ReplanChange.What) -> ReplanChange {
      ReplanChange(
        scheduleID: item.id, userID: item.user?.id, eventType: item.eventType, timeZone: item.timeZone, key: key,
        dueAt: dueAt, what: what)
    }
    guard plan.error.isEmpty else { return [change("", nil, .fails(plan.error))] }
    let moves = Dictionary(plan.moves.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let withdrawals = Set(plan.withdrawals)
    let changes = item.pending.compactMap { pending -> ReplanChange? in
      if let move = moves[pending.key] {
        return change(pending.key, pending.dueAt, .moves(to: move.dueAt, queue: move.queue))
      }
      return withdrawals.contains(pending.key) ? change(pending.key, pending.dueAt, .ends) : nil
    }
    guard changes.count > ReplanChange.mostPerSchedule else { return changes }
    return changes.prefix(ReplanChange.mostPerSchedule)
      + [change("", nil, .more(changes.count - ReplanChange.mostPerSchedule))]
  }
}
