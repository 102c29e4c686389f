import EventModel
import Store

/// What becomes of occurrences that were missed before they were planned, and of those that a person does not want. Pure.
enum MissedRules {
  /// The events to insert, some of them closed at once. Of those that were missed and are not sent at most 50 are recorded
  /// one by one; one more stands for the older ones, so that a schedule that rests for years does not fill the ledger.
  /// - Parameters:
  ///   - entries: in order of their due times.
  ///   - isNextMissed: whether later ones were missed too, which another pass plans.
  static func events(
    of entries: [PlanMaker.Entry], item: PlanningItem, now: Timestamp, isNextMissed: Bool
  ) -> [PlannedEvent] {
    let newest = isNextMissed ? nil : entries.lastIndex { $0.skipped == nil && now - $0.dueAt >= CatchUp.missedAfter }
    var events: [PlannedEvent] = []
    var missed: [PlannedEvent] = []
    for (index, entry) in entries.enumerated() {
      var event = PlannedEvent(
        key: entry.key, dueAt: entry.dueAt, runAt: max(entry.dueAt, now), timeZone: item.timeZone, queue: item.queue)
      if let detail = entry.skipped {
        event.closedAs = .init(outcome: .skipped, code: SkipReason.requested.rawValue, detail: detail)
        events.append(event)
        continue
      }
      switch StartRules.missed(item.catchUp, lateness: now - entry.dueAt, superseded: index != newest) {
      case .send: events.append(event)
      case .close(let outcome, let code, let detail):
        event.closedAs = .init(outcome: outcome, code: code, detail: detail)
        // A moved one may be in the store already: then nothing could stand for others in its place.
        if entry.isMoved { events.append(event) } else { missed.append(event) }
      }
    }
    return summed(missed) + events
  }

  private static func summed(_ closed: [PlannedEvent]) -> [PlannedEvent] {
    guard closed.count > Limits.missedRecorded else { return closed }
    let older = closed.dropLast(Limits.missedRecorded)
    guard var summary = older.last, let form = summary.closedAs else { return closed }
    summary.closedAs?.detail = "\(form.detail); stands for \(older.count) missed occurrences up to this one"
    return [summary] + closed.suffix(Limits.missedRecorded)
  }
}
