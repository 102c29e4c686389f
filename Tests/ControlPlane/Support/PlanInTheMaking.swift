import EventModel
import Store

/// Plays the planner for one schedule of the rig: what it knew when it began, and what it commits then.
struct PlanInTheMaking: Sendable {
  let rig: Rig
  let item: PlanningItem

  init(_ rig: Rig, _ schedule: String) async throws {
    self.rig = rig
    let items = try await rig.store.schedulesToPlan(dueBefore: rig.clock.now + .hours(400 * 24), limit: 1_000)
    guard let item = items.first(where: { $0.id == schedule }) else { throw NothingToPlan() }
    self.item = item
  }

  /// Plans one occurrence, due a day after the clock's start unless said otherwise.
  @discardableResult
  func commit(_ key: String = "day-1", dueAt: Timestamp = TestClock.start + .hours(24)) async throws -> PlanAnswer {
    let now = rig.clock.now
    let event = PlannedEvent(
      key: key, dueAt: dueAt, runAt: max(dueAt, now), timeZone: item.timeZone, queue: item.queue)
    let plan = SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: dueAt + .hours(24),
      nextKey: "next", events: [event])
    return try await rig.store.commitPlan([plan], now: now)
  }

  /// The event of one occurrence, as people name it.
  func eventName(_ key: String = "day-1") -> String {
    "\(Rig.parent)/events/\(EventIdentity(schedule: item.schedule, key: key).text)"
  }
}

struct NothingToPlan: Error {}
