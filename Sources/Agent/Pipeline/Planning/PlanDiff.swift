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
  /// - Parameter later: what people moved shortly beyond the horizon.
  init(
    _ item: PlanningItem, _ entries: [PlanMaker.Entry], later: [ExceptionTable.Moved] = [],
    _ exceptions: ExceptionTable = ExceptionTable([]), now: Timestamp
  ) {
    let pending = Dictionary(item.pending.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let settled = Set(item.settledKeys)
    new = []
    for entry in entries {
      if let planned = pending[entry.key] {
        // What a person wants skipped after it was planned, whoever took note of that cancels.
        if entry.skipped == nil { move(planned, to: entry.dueAt, item, now) }
      } else if !settled.contains(entry.key), entry.isMoved || !Self.wasDealtWith(entry, item, now) {
        new.append(entry)
      }
    }
    var wanted = Set(entries.map(\.key))
    // Taken back now, it might have to be planned again before its owner has let go of it, and the store would leave it out.
    for moved in later {
      guard let planned = pending[moved.key] else { continue }
      wanted.insert(moved.key)
      move(planned, to: moved.dueAt, item, now)
    }
    withdrawals = item.pending.map(\.key).filter { !wanted.contains($0) && !exceptions.isSkipped($0) }
  }

  private mutating func move(
    _ planned: PlanningItem.PendingOccurrence, to dueAt: Timestamp, _ item: PlanningItem, _ now: Timestamp
  ) {
    guard planned.dueAt != dueAt || planned.queue != item.queue else { return }
    moves.append(
      SchedulePlan.Move(
        key: planned.key, dueAt: dueAt, runAt: max(dueAt, now), queue: item.queue, timeZone: item.timeZone))
  }

  /// What lies in the past, before where the series stood, was planned once or was not wanted then; it is not missed. Of
  /// one that was moved the series says nothing: whether it was planned, the store knows.
  private static func wasDealtWith(_ entry: PlanMaker.Entry, _ item: PlanningItem, _ now: Timestamp) -> Bool {
    guard let cursor = item.cursor else { return false }
    return entry.dueAt < now && entry.dueAt <= cursor.instant
  }
}
