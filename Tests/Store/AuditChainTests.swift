import EventModel
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

/// What somebody does to the audit behind the store's back is found when its chains are reckoned again.
@Suite struct AuditChainTests {
  private static let now = Timestamp(seconds: 1_800_000_000)
  /// Records of the chain "one"; the agent's lease was renewed after the last.
  private static let records: Int64 = 6

  /// A store whose agent left six records: of a person, of queues, and a stop with a reason.
  private static func store(_ folder: Folder) async throws -> (SQLiteStore, AgentLease) {
    let store = try await SQLiteStore.open(path: folder.file, options: .init(agent: "one"))
    let user = User(namespace: "default", id: "ada", displayName: "Ada")
    var changes: [Change] = [.putUser(user, .none), .stopAll(reason: "fire"), .resumeAll]
    for name in ["a", "b", "c"] {
      var queue = Queue.standard[0]
      queue.name = name
      changes.append(.putQueue(queue, .none))
    }
    for change in changes {
      _ = try await store.commit([change], actor: Actor(name: "unix:0"), dryRun: false, now: now)
    }
    let lease = try await store.openAgent(name: "one", version: "1", leaseFor: .hours(1), now: now)
    _ = try await store.renew(lease, leaseFor: .hours(1), now: now)
    return (store, lease)
  }

  private static func run(_ statements: [String], on store: SQLiteStore) async throws {
    try await store.write(.change, rows: 1) { session in
      for sql in statements { try session.query(sql).run() }
    }
  }

  private static func problems(_ store: SQLiteStore) async throws -> [String] {
    try await store.verifyAudit().filter { $0.brokenAt != nil }.map { "\($0.agent) \($0.brokenAt ?? 0) \($0.problem)" }
  }

  @Test("a change of any column of any record is found")
  func columns() async throws {
    let folder = try Folder()
    let (store, _) = try await Self.store(folder)
    #expect(try await Self.problems(store) == [])
    let columns = try await store.read { session in
      try session.query("SELECT name, type FROM pragma_table_info('audit')").all {
        (name: $0.text(0), type: $0.text(1))
      }
    }
    #expect(columns.count == 18)
    for column in columns {
      for number in 1...Self.records {
        let value =
          column.type == "TEXT" ? "\(column.name) || 'x'" : "coalesce(\(column.name), 0) + \(Self.records * 2)"
        let row = try await store.read { session in
          try session.query("SELECT id FROM audit WHERE number = ?").only(number) { $0.int64(0) }
        }
        let key = column.name == "id" ? row + Self.records * 2 : row
        try await Self.run(["CREATE TEMP TABLE kept AS SELECT * FROM audit WHERE id = \(row)"], on: store)
        try await Self.run(["UPDATE audit SET \(column.name) = \(value) WHERE id = \(row)"], on: store)
        #expect(try await !Self.problems(store).isEmpty, "\(column.name) of record \(number)")
        try await Self.run(
          [
            "DELETE FROM audit WHERE id = \(key)", "INSERT INTO audit SELECT * FROM kept", "DROP TABLE kept",
          ], on: store)
        #expect(try await Self.problems(store) == [], "as it was")
      }
    }
    await store.close()
  }

  struct Forgery: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var statements: [String]
    var found: String

    init(_ name: String, _ statements: [String], _ found: String) {
      testDescription = name
      self.statements = statements
      self.found = found
    }
  }

  private static let headBack = """
    UPDATE audit_chain SET number = 5, hash = (SELECT hash FROM audit WHERE number = 5)
    """
  private static let copied = """
    actor, action, resource, count, digest, schedule, person, reason, old_values, new_values, salt, content
    """

  static let forgeries = [
    Forgery(
      "a record in the middle is gone", ["DELETE FROM audit WHERE number = 3"], "one 4 the record before it is gone"),
    Forgery(
      "several are gone", ["DELETE FROM audit WHERE number IN (2, 3)"], "one 4 the records from 2 on are gone"),
    Forgery("the first is gone", ["DELETE FROM audit WHERE number = 1"], "one 2 the record before it is gone"),
    Forgery(
      "the last is gone", ["DELETE FROM audit WHERE number = 6"],
      "one 6 the chain is cut off: record 6 was there when it was anchored"),
    Forgery(
      "the end is cut off, and the chain's row put back", ["DELETE FROM audit WHERE number = 6", headBack],
      "one 6 the chain is cut off: record 6 was there when it was anchored"),
    Forgery(
      "the end and the anchor are gone", ["DELETE FROM audit WHERE number = 6", "DELETE FROM audit_anchor"],
      "one 6 the chain is cut off: it should end with record 6"),
    Forgery(
      "all is gone", ["DELETE FROM audit", "DELETE FROM audit_chain"],
      "one 1 the chain is cut off: record 6 was there when it was anchored"),
    Forgery(
      "one is put in again behind the end",
      [
        "INSERT INTO audit (at, agent, number, previous, hash, \(copied)) SELECT at, agent, 7, hash, hash, \(copied) FROM audit WHERE number = 6"
      ], "one 7 the record was changed, or its hash"),
    Forgery(
      "one is put in between",
      [
        "INSERT INTO audit (at, agent, number, previous, hash, \(copied)) SELECT at, agent, 4, hash, hash, \(copied) FROM audit WHERE number = 3"
      ],
      "one 4 there are two records of this number"),
    Forgery(
      "one is put in outside of every chain",
      ["INSERT INTO audit (at, \(copied)) SELECT at, \(copied) FROM audit WHERE number = 3"],
      " 0 the record stands in no chain"),
    Forgery(
      "two are swapped", ["UPDATE audit SET number = CASE number WHEN 3 THEN 4 ELSE 3 END WHERE number IN (3, 4)"],
      "one 3 it does not follow the record before it"),
    Forgery(
      "the words are emptied of somebody who was not erased",
      ["UPDATE audit SET reason = '', old_values = '', new_values = '', salt = '' WHERE number = 1"],
      "one 1 its reason or its values were changed"),
    Forgery(
      "a reason that is nobody's is emptied", ["UPDATE audit SET reason = '', salt = '' WHERE number = 2"],
      "one 2 its reason or its values were changed"),
  ]

  @Test("records that are gone, put in, swapped or emptied are found, and where", arguments: forgeries)
  func forged(_ forgery: Forgery) async throws {
    let folder = try Folder()
    let (store, _) = try await Self.store(folder)
    try await Self.run(forgery.statements, on: store)
    #expect(try await Self.problems(store) == [forgery.found])
    await store.close()
  }

  @Test("a cut end is found even after the agent has gone on from it")
  func goesOn() async throws {
    let folder = try Folder()
    let (store, lease) = try await Self.store(folder)
    try await Self.run(["DELETE FROM audit WHERE number = 6", Self.headBack], on: store)
    for change in [Change.stopAll(reason: "x"), .resumeAll] {
      _ = try await store.commit([change], actor: .agent, dryRun: false, now: Self.now)
      _ = try await store.renew(lease, leaseFor: .hours(1), now: Self.now)
    }
    #expect(try await Self.problems(store) == ["one 6 it is another record than when it was anchored"])
    await store.close()
  }

  @Test("an anchor follows with each renewal, and costs nothing where nothing changed")
  func anchors() async throws {
    let folder = try Folder()
    let (store, lease) = try await Self.store(folder)
    func anchor() async throws -> [String] {
      try await store.read { session in
        try session.query("SELECT agent, number, at FROM audit_anchor").all {
          "\($0.text(0)) \($0.int64(1)) \($0.time(2).seconds)"
        }
      }
    }
    _ = try await store.renew(lease, leaseFor: .hours(1), now: Self.now + .seconds(1))
    #expect(try await anchor() == ["one 6 1800000000"])
    _ = try await store.commit([.stopAll(reason: "x")], actor: .agent, dryRun: false, now: Self.now)
    _ = try await store.renew(lease, leaseFor: .hours(1), now: Self.now + .seconds(2))
    #expect(try await anchor() == ["one 7 1800000002"])
    await store.close()
  }

  @Test("two thousand records are reckoned in parts")
  func long() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    for _ in 0..<2 {
      try await store.write(.change, rows: 1_050) { session in
        for _ in 0..<1_050 { try session.audit(.agent, AuditRecord("test", "x"), now: Self.now) }
      }
    }
    #expect(try await store.verifyAudit().map(\.records) == [2_100])
    try await Self.run(["UPDATE audit SET actor = 'x' WHERE number = 1001"], on: store)
    #expect(try await Self.problems(store) == ["agent 1001 the record was changed, or its hash"])
    await store.close()
  }
}
