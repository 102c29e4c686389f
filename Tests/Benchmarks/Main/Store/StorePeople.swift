import AgentHarness
import EventModel
import Store
import StorePostgreSQL

/// People in one time zone, each with a schedule that has one event a round, all of them due at the same instant: one
/// zone's 09:00.
struct StorePeople: Sendable {
  let count: Int

  static let timeZone = "Europe/London"
  static let eventType = "birthday"
  static let queue = Queue.critical.name

  /// After the first round, when the next occurrence of round 1 is due as far as the planner is told; the one of each
  /// further round, a day later. So every round plans every schedule once.
  private static let firstNextDue = Timestamp(seconds: 4_000_000_000)
  /// As many as the planner takes in a pass.
  private static let schedulesPerPass = 5_000

  static func id(_ number: Int) -> String { "u-\(number)" }

  /// Writes the people and their schedules, by the verb that imports use.
  func put(_ agent: StoreAgent) async throws {
    let now = StoreAgent.now
    let most = PostgresStore.maximumChangesPerTransaction / 2
    for first in stride(from: 0, to: count, by: most) {
      let changes = (first..<min(first + most, count)).flatMap { Self.changes($0, now) }
      let results = try await agent.store.commitEach(changes, actor: .agent, dryRun: false, now: now)
      for result in results { _ = try result.get() }
    }
  }

  private static func changes(_ number: Int, _ now: Timestamp) -> [Change] {
    let user = User(
      namespace: "default", id: id(number), displayName: "Person \(number)", givenName: "Person",
      familyName: "Number\(number)", locale: "en-GB", timeZone: timeZone, dates: ["birthday": "1990-05-04"],
      addresses: ["email": "person\(number)@example.com"])
    let schedule = Schedule(
      namespace: "default", id: "b-\(number)", userID: id(number), eventType: eventType,
      definitionJSON: #"{"date":"birthday","at":"09:00"}"#, startAt: now)
    return [.putUser(user, .absent), .putSchedule(schedule, .absent)]
  }

  /// Plans everybody's next event, due at an instant, as the planner does once it knows the occurrences.
  /// - Parameter round: counts from 1.
  func plan(round: Int, due: Timestamp, _ agent: StoreAgent) async throws {
    let nextDue = Self.firstNextDue + .hours(24 * Int64(round))
    var planned = 0
    while planned < count {
      let items = try await agent.store.schedulesToPlan(dueBefore: nextDue - .hours(12), limit: Self.schedulesPerPass)
      let plans = items.map { Self.plan($0, round: round, due: due, nextDue: nextDue) }
      let answer = try await agent.store.commitPlan(plans, now: StoreAgent.now)
      guard answer.events == plans.count, answer.events > 0 else {
        throw HarnessError(.notMeasured, "\(answer.events) events were planned of \(plans.count) schedules")
      }
      planned += answer.events
    }
  }

  private static func plan(
    _ item: PlanningItem, round: Int, due: Timestamp, nextDue: Timestamp
  ) -> SchedulePlan {
    let key = "\(2026 + round)"
    let cursor = OccurrenceCursor(
      isStart: false, civil: CivilFields(year: 2026 + Int32(round), month: 5, day: 4, hour: 9), instant: due,
      ordinal: UInt64(round), key: key)
    return SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: cursor, nextDue: nextDue,
      nextKey: "\(2027 + round)",
      events: [PlannedEvent(key: key, dueAt: due, runAt: due, timeZone: timeZone, queue: queue)])
  }
}
