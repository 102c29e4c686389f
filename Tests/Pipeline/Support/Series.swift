import CivilTime
import EventModel
import Store
import Testing

@testable import Pipeline

/// A series of a test's own, as an event type would answer it: by the local time, by the instant, or both.
struct Series: Sendable {
  var occurrences: [Occurrence]

  /// What comes after a cursor: after its key when it has one, else from its local time or instant on.
  func next(_ request: OccurrenceRequest) -> [Occurrence] {
    let after = request.after
    guard after.isStart else {
      guard let index = occurrences.firstIndex(where: { $0.key == after.key }) else { return [] }
      return Array(occurrences[(index + 1)...].prefix(request.maximum))
    }
    return Array(
      occurrences.drop { occurrence in
        switch occurrence.when {
        case .instant(let instant): instant < after.instant
        case .civil(let fields): Self.order(fields) < Self.order(after.civil)
        }
      }.prefix(request.maximum))
  }

  static func order(_ fields: CivilFields) -> Int {
    let day = Days.number((Int(fields.year), Int(fields.month), Int(fields.day)))
    return day * 86_400 + Int(fields.hour) * 3_600 + Int(fields.minute) * 60 + Int(fields.second)
  }

  /// Local times on one day, each with its text as key.
  static func day(_ month: Int, _ day: Int, at times: [String]) -> [Occurrence] {
    times.enumerated().map { index, time in
      let parts = time.split(separator: ":").compactMap { UInt8($0) }
      let fields = CivilFields(
        year: 2027, month: UInt8(month), day: UInt8(day), hour: parts[0], minute: parts[1])
      return Occurrence(when: .civil(fields), ordinal: UInt64(index) + 1, key: time)
    }
  }
}

/// A store of one schedule, as far as planning needs it, and the clock that sends what is due.
struct OneSchedule {
  enum Row: Hashable {
    case pending(Timestamp)
    case sent(Timestamp)
    case skipped(code: String)
    case withdrawn
  }

  var item: PlanningItem
  var rows: [String: Row] = [:]
  var nextDue: Timestamp?
  /// How long before it was due each was planned.
  var leads: [String: TimeSpan] = [:]
  let rules: ZoneRules

  init(_ item: PlanningItem) throws {
    self.item = item
    nextDue = item.startAt
    rules = try #require(World.zones).zone(named: item.timeZone)
  }

  /// Sends what is due by now; what was put in late is sent now.
  mutating func send(now: Timestamp, since last: Timestamp) {
    for (key, row) in rows {
      if case .pending(let due) = row, due <= now { rows[key] = .sent(max(due, last)) }
    }
  }

  /// Plans until there is nothing to plan.
  mutating func plan(_ next: (OccurrenceRequest) -> [Occurrence], now: Timestamp, horizon: TimeSpan) throws {
    for _ in 0..<1_000 {
      guard item.isReplan || nextDue.map({ $0 < now + horizon }) ?? false else { return }
      item.pending = rows.compactMap { key, row in
        guard item.isReplan, case .pending(let due) = row else { return nil }
        return .init(key: key, dueAt: due, queue: item.queue, isOwned: false)
      }
      item.settledKeys = rows.filter { if case .pending = $0.value { false } else { $0.value != .withdrawn } }.map(
        \.key)
      let maker = try PlanMaker(item, rules: rules, now: now, horizonEnd: now + horizon)
      while maker.plan == nil { try maker.accept(next(maker.request)) }
      apply(try #require(maker.plan), now)
    }
    Issue.record("planning does not come to an end")
  }

  private mutating func apply(_ plan: SchedulePlan, _ now: Timestamp) {
    for key in plan.withdrawals { if case .pending = rows[key] { rows[key] = .withdrawn } }
    for move in plan.moves { if case .pending = rows[move.key] { rows[move.key] = .pending(move.dueAt) } }
    for event in plan.events where rows[event.key] == nil || rows[event.key] == .withdrawn {
      rows[event.key] = event.closedAs.map { .skipped(code: $0.code) } ?? .pending(event.dueAt)
      leads[event.key] = event.dueAt - now
    }
    if let cursor = plan.cursor { item.cursor = cursor }
    nextDue = plan.nextDue
    item.isReplan = false
  }
}
