import CivilTime
import EventModel
import Store

/// Makes the plan of one schedule from the occurrences that its event type answers. Pure: ask for `request`, hand the
/// answer to `accept`, until `plan` is there.
///
/// A plan has what the series yields within the horizon, less what people moved, and what they moved to within it.
/// Moved ones are named in every pass, whatever the series stands at: the store knows by their keys what it has. Only
/// what is older than any history it may have dropped is not named any more.
///
/// A class, for thousands of them are passed from round to round.
final class PlanMaker {
  /// One occurrence that falls into the plan.
  struct Entry: Hashable, Sendable {
    var key: String
    var dueAt: Timestamp
    /// Why a person does not want it; nil when nobody said so.
    var skipped: String?
    /// Whether a person moved it here.
    var isMoved = false
  }

  /// The first occurrence that is left to a later pass; nothing after it is due before `floor`.
  private struct Next {
    var key: String
    var floor: Timestamp
  }

  let item: PlanningItem
  let now: Timestamp
  /// Occurrences before this are planned.
  let horizonEnd: Timestamp
  private let exceptions: ExceptionTable
  /// What people moved, and may still have to be planned.
  private let moved: [ExceptionTable.Moved]
  /// Where asking goes on; beyond what is planned when that looks for what comes next.
  private var reader: SeriesReader
  /// Where the series stands after what is planned.
  private var cursor: OccurrenceCursor
  /// Where it stood before the last occurrence, should that have to be left for the next pass.
  private var beforeLast: OccurrenceCursor
  private var entries: [Entry] = []
  private var isBeyondHorizon = false
  /// Until here a re-plan may meet what is pending; nil when nothing is, or in a pass that is none.
  private let frontier: Timestamp?
  /// The finished plan; nil while more is to be asked.
  private(set) var plan: SchedulePlan?

  /// Begins a plan.
  /// - Parameter oldest: what was moved to before this is over. History from there on must be in the store.
  /// - Throws: `.unplannable` when the start, or where something was moved to, cannot be told in local time.
  init(
    _ item: PlanningItem, rules: ZoneRules, now: Timestamp, horizonEnd: Timestamp,
    oldest: Timestamp = Timestamp(microseconds: .min)
  ) throws(PipelineError) {
    self.item = item
    self.now = now
    self.horizonEnd = horizonEnd
    let resolver = OccurrenceResolver(rules: rules, gap: item.gap, fold: item.fold)
    exceptions = ExceptionTable(item.isActive ? item.exceptions : [])
    let first = max(item.startAt, oldest)
    moved = try exceptions.moved(resolver).filter { $0.dueAt >= first }
    frontier = item.isReplan ? Self.frontier(item) : nil
    cursor = try Self.start(item, resolver, now)
    beforeLast = cursor
    reader = SeriesReader(resolver, eventType: item.eventType, after: cursor)
    if !item.isActive { plan = Self.withdrawal(item) }
  }

  /// What is to be asked next.
  var request: OccurrenceRequest {
    OccurrenceRequest(
      definitionJSON: item.definitionJSON, user: item.user, timeZone: item.timeZone, after: reader.cursor,
      maximum: reader.maximum)
  }

  /// Takes the answer to `request`.
  /// - Throws: `PipelineError` when the event type answers nonsense.
  func accept(_ occurrences: [Occurrence]) throws(PipelineError) {
    let asked = reader.maximum
    for occurrence in occurrences.prefix(asked) {
      let resolved = try reader.read(occurrence)
      isBeyondHorizon = isBeyondHorizon || (resolved.floor >= horizonEnd && !resolved.instants.isEmpty)
      if isBeyondHorizon {
        // What was moved away from here is not what comes next.
        guard let first = resolved.keyed.first(where: { exceptions.verdict(on: $0.key) != .moved }) else { continue }
        return try finish(next: Next(key: first.key, floor: resolved.floor))
      }
      take(resolved, isWholeSeries: occurrences.count == 1)
      if try isFull(resolved) { return try leaveLastForNextPass(resolved) }
    }
    if occurrences.count < asked { return try finish(next: nil) }
    try reader.finishRound()
  }

  private func take(_ resolved: ResolvedOccurrence, isWholeSeries: Bool) {
    let isLate = item.takesPast && isWholeSeries && cursor.isStart
    beforeLast = cursor
    cursor = resolved.cursor
    for (key, dueAt) in resolved.keyed where dueAt >= item.startAt || isLate {
      switch exceptions.verdict(on: key) {
      case .asPlanned: entries.append(Entry(key: key, dueAt: dueAt))
      case .skipped(let detail): entries.append(Entry(key: key, dueAt: dueAt, skipped: detail))
      case .moved: break
      }
    }
  }

  /// Whether the pass has enough. A re-plan compares with what is pending, so it goes on until nothing pending can come
  /// any more: however its times were moved by a zone, by less than the margin. What follows is for the passes after it.
  private func isFull(_ last: ResolvedOccurrence) throws(PipelineError) -> Bool {
    guard entries.count >= Limits.occurrencesPerPass else { return false }
    guard let frontier, last.floor <= frontier else { return true }
    guard entries.count < Limits.occurrencesPerReplan else {
      throw PipelineError(.unplannable, "more than \(Limits.occurrencesPerReplan) occurrences to be planned anew")
    }
    return false
  }

  /// Too many for one pass. The last one is left to the next, so that this pass knows that something comes after all it
  /// plans, which decides what is superseded.
  private func leaveLastForNextPass(_ last: ResolvedOccurrence) throws(PipelineError) {
    let keys = last.keyed.map(\.key)
    entries.removeAll { keys.contains($0.key) }
    cursor = beforeLast
    try finish(next: Next(key: last.key, floor: last.floor))
  }

  /// - Parameter next: the first regular occurrence that is not planned; nil when the series is over.
  private func finish(next: Next?) throws(PipelineError) {
    let isNextMissed = next.map { now - $0.floor >= CatchUp.missedAfter } ?? false
    // While missed ones are still to come, whether a moved one is the newest of all is not known: it waits for its turn.
    let end = isNextMissed ? next?.floor ?? horizonEnd : horizonEnd
    entries += moved.filter { $0.dueAt < end }.map { Entry(key: $0.key, dueAt: $0.dueAt, isMoved: true) }
    let later = moved.filter { $0.dueAt >= end }
    entries.sort { $0.dueAt < $1.dueAt }
    try checkKeys()
    let soon = later.filter { $0.dueAt < horizonEnd + Limits.replanMargin }
    let answer = item.isReplan ? PlanDiff(item, entries, later: soon, exceptions, now: now) : PlanDiff(new: entries)
    let isMovedFirst = later.first.map { first in next.map { first.dueAt < $0.floor } ?? true } ?? false
    plan = SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: cursor,
      nextDue: isMovedFirst ? later.first?.dueAt : next?.floor,
      nextKey: (isMovedFirst ? later.first?.key : next?.key) ?? "",
      events: MissedRules.events(of: answer.new, item: item, now: now, isNextMissed: isNextMissed),
      withdrawals: answer.withdrawals, moves: answer.moves)
  }

  /// The store leaves out what it has, but not what comes twice in one plan.
  private func checkKeys() throws(PipelineError) {
    guard entries.count > 1 else { return }
    var seen: Set<String> = []
    for entry in entries where !seen.insert(entry.key).inserted {
      throw PipelineError(.unplannable, "event type \(item.eventType) answered \(entry.key) twice")
    }
  }

  /// Where the series stands counts too: what was settled ahead of its time is known up to there.
  private static func frontier(_ item: PlanningItem) -> Timestamp? {
    let known = item.pending.map(\.dueAt) + (item.cursor.map { [$0.instant] } ?? [])
    return known.max().map { $0 + Limits.replanMargin }
  }

  private static func start(
    _ item: PlanningItem, _ resolver: OccurrenceResolver, _ now: Timestamp
  ) throws(PipelineError) -> OccurrenceCursor {
    var instant = item.startAt
    if let cursor = item.cursor {
      if !item.isReplan { return cursor }
      let earliest = item.pending.map(\.dueAt).min() ?? now
      instant = max(instant, min(now, earliest, cursor.instant) - Limits.replanMargin)
    }
    do {
      return try resolver.start(at: instant)
    } catch {
      throw PipelineError(.unplannable, error.message, cause: error.cause)
    }
  }

  private static func withdrawal(_ item: PlanningItem) -> SchedulePlan {
    SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: nil,
      withdrawals: item.pending.map(\.key))
  }
}
