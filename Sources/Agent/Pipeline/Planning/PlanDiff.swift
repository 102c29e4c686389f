import EventModel
import Store

/// What a re-plan changes: what is wanted now against what is pending, by occurrence key. Pure.
struct PlanDiff: Sendable {
  /// Wanted and not there.
  var new: [PlanMaker.Entry]
  /// There at another time or in another queue.
  var moves: [SchedulePlan.Move] = []
  /// There and no longer wanted.
  var withdrawals: [String] = []

  /// A first plan: everything is new.
  init(new: [PlanMaker.Entry]) { self.new = new }

  /// A re-plan. What is settled stays settled, whatever its time is now.
  init(_ item: PlanningItem, _ entries: [PlanMaker.Entry], now: Timestamp) {
    let pending = Dictionary(item.pending.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let settled = Set(item.settledKeys)
    new = []
    for entry in entries {
      if let planned = pending[entry.key] {
        guard planned.dueAt != entry.dueAt || planned.queue != item.queue else { continue }
        moves.append(
          SchedulePlan.Move(
            key: entry.key, dueAt: entry.dueAt, runAt: max(entry.dueAt, now), queue: item.queue,
            timeZone: item.timeZone))
      } else if !settled.contains(entry.key), !Self.wasDealtWith(entry, item, now) {
        new.append(entry)
      }
    }
    let wanted = Set(entries.map(\.key))
    withdrawals = item.pending.map(\.key).filter { !wanted.contains($0) }
  }

  /// What lies in the past, before where the series stood, was planned once or was not wanted then; it is not missed.
  private static func wasDealtWith(_ entry: PlanMaker.Entry, _ item: PlanningItem, _ now: Timestamp) -> Bool {
    guard let cursor = item.cursor else { return false }
    return entry.dueAt < now && entry.dueAt <= cursor.instant
  }
}

/// What becomes of occurrences that were missed before they were planned. Pure.
enum MissedRules {
  /// The events to insert, some of them closed at once. Of those that are not sent at most 50 are recorded one by one; one
  /// more stands for the older ones, so that a schedule that rests for years does not fill the ledger.
  static func events(
    of entries: [PlanMaker.Entry], item: PlanningItem, now: Timestamp, isNextMissed: Bool
  ) -> [PlannedEvent] {
    let newest = isNextMissed ? nil : entries.lastIndex { now - $0.dueAt >= CatchUp.missedAfter }
    var events: [PlannedEvent] = []
    var closed: [PlannedEvent] = []
    for (index, entry) in entries.enumerated() {
      var event = PlannedEvent(
        key: entry.key, dueAt: entry.dueAt, runAt: max(entry.dueAt, now), timeZone: item.timeZone, queue: item.queue)
      switch StartRules.missed(item.catchUp, lateness: now - entry.dueAt, superseded: index != newest) {
      case .send: events.append(event)
      case .close(let outcome, let code, let detail):
        event.closedAs = PlannedEvent.Closed(outcome: outcome, code: code, detail: detail)
        closed.append(event)
      }
    }
    return summed(closed) + events
  }

  private static func summed(_ closed: [PlannedEvent]) -> [PlannedEvent] {
    guard closed.count > Limits.missedRecorded else { return closed }
    let older = closed.dropLast(Limits.missedRecorded)
    guard var summary = older.last, let form = summary.closedAs else { return closed }
    summary.closedAs?.detail = "\(form.detail); stands for \(older.count) missed occurrences up to this one"
    return [summary] + closed.suffix(Limits.missedRecorded)
  }
}
