import EventModel
import GRDB
import Store
import Synchronization
import Testing

@testable import StoreSQL
@testable import StoreSQLite

/// The hot path must stay on its indexes whatever the tables hold: the file has no statistics to go by.
@Suite struct QueryPlanTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  @Test("no statement of planning, claim, load, record or renewal scans a table that grows")
  func indexed() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file, options: .init(readers: 1))
    let seen = Seen()
    try await store.write(.change, rows: 1) { session in
      try session.connection.trace { if case .statement(let statement) = $0 { seen.add(statement.sql) } }
    }
    try await store.read { session in
      try session.connection.trace { if case .statement(let statement) = $0 { seen.add(statement.sql) } }
    }
    try await hotPath(store)
    #expect(seen.statements.count > 30, "the trace saw the statements")
    for sql in seen.statements where sql.hasPrefix("SELECT") || sql.hasPrefix("UPDATE") || sql.hasPrefix("DELETE") {
      let plan = try await store.read { session in
        try session.query("EXPLAIN QUERY PLAN \(sql)").all { $0.text(3) }
      }
      for step in plan where step.hasPrefix("SCAN") {
        let table = step.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        // `j` is the list of schedules that a pass asks about.
        let small = [
          "agent", "queue", "a", "constant", "c", "stop_order", "j", "sqlite_sequence", "access_token",
        ]
        #expect(small.contains(table), "\(step) in: \(sql)")
        // Of commands only the open ones, by their index.
        if table == "c" { #expect(step.contains("command_open"), "\(step) in: \(sql)") }
      }
    }
    await store.close()
  }

  private func hotPath(_ store: SQLiteStore) async throws {
    let user = User(namespace: "default", id: "ada", timeZone: "Asia/Tokyo")
    let schedule = Schedule(
      namespace: "default", id: "s", userID: "ada", eventType: "birthday", definitionJSON: "{}", startAt: now)
    _ = try await store.commit(
      [.putUser(user, .none), .putSchedule(schedule, .none)], actor: .agent, dryRun: false, now: now)
    let item = try #require(try await store.schedulesToPlan(dueBefore: now + .hours(1), limit: 10).first)
    let late = now - .minutes(10)
    let events = ["a", "b"].map {
      PlannedEvent(key: $0, dueAt: late, runAt: now, timeZone: "Asia/Tokyo", queue: "critical")
    }
    let plan = SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: now + .hours(9), events: events)
    _ = try await store.commitPlan([plan], now: now)
    let lease = try await store.openAgent(name: "one", version: "1", leaseFor: .seconds(10), now: now)
    let buckets = try await store.claim(
      ClaimRequest(lease: lease, capacity: [("critical", 100)]), now: now)
    let bucket = try #require(buckets.first)
    let rows = try await store.load(bucket.id, lease: lease, now: now)
    let first = try #require(rows.first)
    let last = try #require(rows.last)
    let retry = FollowUp(
      runAt: now, dueAt: late, queue: "critical", attempt: 2, hop: 0, sink: SinkNumber(rawValue: 1))
    let receipts = [
      Receipt(
        ref: first.ref, identity: first.identity, sink: .all, attempt: 1, hop: 0, outcome: .delivered, closes: true,
        doneAt: now),
      Receipt(
        ref: last.ref, identity: last.identity, sink: .all, attempt: 1, hop: 0, outcome: .retry, closes: true,
        doneAt: now, followUp: retry),
    ]
    _ = try await store.record(receipts, lease: lease, now: now)
    _ = try await store.renew(lease, leaseFor: .seconds(10), now: now)
    _ = try await store.nextClaimable(now: now)
    _ = try await store.cancel(last.identity, reason: "", actor: .agent, now: now)
    _ = try await store.expire(now: now)
  }
}

private final class Seen: Sendable {
  private let known = Mutex<Set<String>>([])

  var statements: [String] { known.withLock { $0.sorted() } }

  func add(_ sql: String) { known.withLock { _ = $0.insert(sql) } }
}
