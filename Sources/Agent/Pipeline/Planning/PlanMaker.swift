import CivilTime
import EventModel
import Store

/// Makes the plan of one schedule from the occurrences that its event type answers. Pure: ask for `request`, hand the
/// answer to `accept`, until `plan` is there.
struct PlanMaker: Sendable {
  /// One occurrence that falls into the plan.
  struct Entry: Hashable, Sendable {
    var key: String
    var dueAt: Timestamp
  }

  let item: PlanningItem
  let now: Timestamp
  /// Occurrences before this are planned.
  let horizonEnd: Timestamp
  private let resolver: OccurrenceResolver
  /// Where asking goes on.
  private var cursor: OccurrenceCursor
  /// Where the series stood before the last entry, should it have to be left for the next pass.
  private var beforeLast: OccurrenceCursor
  private var entries: [Entry] = []
  private var rounds = 0
  /// The finished plan; nil while more is to be asked.
  private(set) var plan: SchedulePlan?

  /// Begins a plan.
  /// - Throws: `CivilTimeError` when the start cannot be told in local time.
  init(_ item: PlanningItem, rules: ZoneRules, now: Timestamp, horizonEnd: Timestamp) throws(CivilTimeError) {
    self.item = item
    self.now = now
    self.horizonEnd = horizonEnd
    resolver = OccurrenceResolver(rules: rules, gap: item.gap, fold: item.fold)
    let start: OccurrenceCursor
    if let known = item.cursor, !item.isReplan { start = known } else { start = try Self.start(item, resolver, now) }
    cursor = start
    beforeLast = start
    if !item.isActive { plan = Self.withdrawal(item) }
  }

  /// What is to be asked next.
  var request: OccurrenceRequest {
    OccurrenceRequest(
      definitionJSON: item.definitionJSON, user: item.user, timeZone: item.timeZone, after: cursor, maximum: maximum)
  }

  /// Few at first: most schedules have at most one occurrence within the horizon.
  private var maximum: Int { rounds == 0 ? 2 : min(16 << min(rounds - 1, 4), 256) }

  private var mostEntries: Int { item.isReplan ? Limits.occurrencesPerReplan : Limits.occurrencesPerPass }

  /// Takes the answer to `request`.
  /// - Throws: `PipelineError` when the event type answers nonsense.
  mutating func accept(_ occurrences: [Occurrence]) throws(PipelineError) {
    let asked = maximum
    rounds += 1
    for occurrence in occurrences.prefix(asked) {
      let resolved = try resolve(occurrence)
      if resolved.place >= horizonEnd, !resolved.instants.isEmpty {
        return finish(next: Entry(key: resolved.key, dueAt: resolved.place))
      }
      try advance(to: resolved)
      if entries.count >= mostEntries { return try leaveLastForNextPass() }
    }
    if occurrences.count < asked { finish(next: nil) }
  }

  private func resolve(_ occurrence: Occurrence) throws(PipelineError) -> ResolvedOccurrence {
    do {
      try Names.checkKey(occurrence.key, field: "occurrence key")
    } catch {
      throw PipelineError(.unplannable, "event type \(item.eventType) answered a bad occurrence key", cause: error)
    }
    do {
      return try resolver.resolve(occurrence)
    } catch {
      throw PipelineError(.unplannable, "event type \(item.eventType) answered a time that is none", cause: error)
    }
  }

  private mutating func advance(to resolved: ResolvedOccurrence) throws(PipelineError) {
    guard cursor.isStart || (resolved.place >= cursor.instant && resolved.key != cursor.key) else {
      throw PipelineError(
        .unplannable, "event type \(item.eventType) answered \(resolved.key), which does not come after \(cursor.key)")
    }
    beforeLast = cursor
    cursor = OccurrenceCursor(
      isStart: false, civil: resolved.civil, instant: resolved.place, ordinal: resolved.ordinal, key: resolved.key)
    for (index, instant) in resolved.instants.enumerated() where instant >= item.startAt {
      entries.append(Entry(key: index == 0 ? resolved.key : resolved.key + "+fold", dueAt: instant))
    }
  }

  /// Too many for one pass. The last one is left to the next, so that this pass knows that something comes after all it
  /// plans, which decides what is superseded.
  private mutating func leaveLastForNextPass() throws(PipelineError) {
    guard !item.isReplan, let last = entries.popLast() else {
      throw PipelineError(.unplannable, "more than \(mostEntries) occurrences within the horizon")
    }
    cursor = beforeLast
    finish(next: last)
  }

  private mutating func finish(next: Entry?) {
    let answer = item.isReplan ? PlanDiff(item, entries, now: now) : PlanDiff(new: entries)
    let isNextMissed = next.map { now - $0.dueAt >= CatchUp.missedAfter } ?? false
    plan = SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision,
      cursor: entries.isEmpty && !item.isReplan && cursor.isStart ? nil : cursor, nextDue: next?.dueAt,
      nextKey: next?.key ?? "",
      events: MissedRules.events(of: answer.new, item: item, now: now, isNextMissed: isNextMissed),
      withdrawals: answer.withdrawals, moves: answer.moves)
  }

  private static func start(
    _ item: PlanningItem, _ resolver: OccurrenceResolver, _ now: Timestamp
  ) throws(CivilTimeError) -> OccurrenceCursor {
    var instant = item.startAt
    if let cursor = item.cursor, item.isReplan {
      let earliest = item.pending.map(\.dueAt).min() ?? now
      instant = max(instant, min(now, earliest, cursor.instant) - Limits.replanMargin)
    }
    return OccurrenceCursor(
      isStart: true, civil: try resolver.civil(at: instant), instant: instant, ordinal: 0, key: "")
  }

  private static func withdrawal(_ item: PlanningItem) -> SchedulePlan {
    SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: nil,
      withdrawals: item.pending.map(\.key))
  }
}
