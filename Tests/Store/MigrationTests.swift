import EventModel
import Foundation
import GRDB
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

/// `Fixtures/version1.db` was written by the program of version 1: Ada with a birthday, a one-off, a retry and a dead
/// letter; Bob with another letter and a command that waits for its owner; a team's schedule in a queue that was deleted;
/// a person long gone, whose pages are free and still hold her.
@Suite struct MigrationTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func version1() throws -> Folder {
    let folder = try Folder()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/version1.db")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.file)
    return folder
  }

  /// How many rows each table has, later versions' own left out.
  private func counts(_ path: String) throws -> [String: Int] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      let names = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      let own = [
        "grdb_migrations", "meta", "occurrence_exception", "template", "stop_order", "domain_event", "relay",
        "zone_rules", "gone_endpoint", "digest", "digest_item", "access_token", "access_grant", "access_denial",
        "store_key", "audit_chain", "audit_anchor", "creation",
      ]
      return try Dictionary(
        uniqueKeysWithValues: names.filter { !own.contains($0) }.map {
          ($0, try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\($0)\"") ?? 0)
        })
    }
  }

  @Test("a file of version 1 is brought to the newest, and every row of it is kept")
  func rows() async throws {
    let folder = try version1()
    let before = try counts(folder.file)
    #expect(before.values.allSatisfy { $0 > 0 }, "the fixture has data in every table: \(before)")
    let store = try await SQLiteStore.open(path: folder.file, options: .init(checksIntegrity: true))
    let check = try await store.check(from: now - .hours(1), to: now + .hours(10))
    #expect(check.rows == 10 && check.lost == 0 && check.closedTwice == 0)
    let ada = try await store.user(namespace: "default", id: "ada@example.com")
    #expect(ada.nickname == "阿达" && ada.dates == ["birth": "1815-12-10"])
    let schedule = try await store.schedule(namespace: "default", id: "ada@example.com:birthday")
    #expect(!schedule.isTest && schedule.exceptions.isEmpty && schedule.userID == "ada@example.com")
    #expect(try await store.stopOrder() == nil)
    #expect(try await store.allTemplates().isEmpty)
    let messages = try await store.storedMessages(
      namespace: "default", user: "ada@example.com", page: PageRequest(size: 10)
    ).items
    #expect(messages.map(\.message.title) == ["Happy birthday, Ada"])
    let events = try await store.events(
      namespace: "default", filter: EventFilter(userID: "ada@example.com"), page: PageRequest(size: 10)
    ).items
    #expect(events.map(\.identity.key) == ["2027-01-15", "2027-01-16", "2027-01-17", "2027-01-18", "order-ada"])
    #expect(events.map(\.state) == [.completed, .pending, .failed, .cancelled, .pending])
    await store.close()
    #expect(try counts(folder.file) == before)
  }

  @Test("what version 1 left in free pages is gone, and so are ids in its audit")
  func bytes() async throws {
    let folder = try version1()
    let gone = ["FREEPAGE", "gone@example.com"]
    #expect(try Set(folder.found(gone)) == Set(gone.map { "store.db: \($0)" }))
    let store = try await SQLiteStore.open(path: folder.file)
    #expect(try folder.found(gone) == [])
    let ada = try await store.schedule(namespace: "default", id: "ada@example.com:birthday").number.rawValue
    let records = try await store.read { session in
      try session.query("SELECT action || ' ' || resource, digest FROM audit ORDER BY id").all {
        ($0.text(0), $0.text(1))
      }
    }
    let names = records.map(\.0)
    #expect(names.count == 19)
    let wanted = [
      "user.put default/user#1", "batch ", "schedule.put default/schedule#\(ada)", "user.put default/user",
      "user.delete default/user", "event.cancel default/schedule#\(ada)/2027-01-18",
      "event.move default/schedule#\(ada + 4)", "sink.put default/hook", "queue.delete bulk",
    ]
    for name in wanted { #expect(names.contains(name), "\(name) in \(names)") }
    #expect(!names.contains { $0.contains("@") || $0.contains("order-ada") })
    #expect(
      try await store.verifyAudit().map { "\($0.agent) \($0.records) \($0.problem)" } == ["earlier 19 "],
      "they are a chain of their own")
    for (name, digest) in records {
      let isPersonal = ["user.", "schedule.", "event.", "batch"].contains { name.hasPrefix($0) }
      #expect(digest.isEmpty == isPersonal, "digest of \(name)")
    }
    await store.close()
  }

  @Test("version 1's rows are sent, its letters replayed, and its people erased")
  func life() async throws {
    let folder = try version1()
    let store = try await SQLiteStore.open(path: folder.file)
    let letters = try await store.deadLetters(
      namespace: "default", filter: DeadLetterFilter(userID: "ada@example.com"), page: PageRequest(size: 10)
    ).items
    let letter = try #require(letters.first)
    #expect(letters.count == 1 && letter.message.text == "Dead for Ada" && letter.sink == "hook")
    let later = now + .hours(1)
    _ = try await store.commit(
      [.replayDeadLetter(namespace: "default", id: letter.id)], actor: .agent, dryRun: false, now: later)
    let replayed = try await store.event(namespace: "default", identity: letter.identity)
    #expect(replayed.queue == "critical" && replayed.state == .pending && replayed.timeZone == "Europe/Berlin")
    let lease = try await store.openAgent(name: "two", version: "1", leaseFor: .hours(1), now: later)
    var rows: [LoadedEvent] = []
    for bucket in try await store.claim(ClaimRequest(lease: lease, capacity: [("critical", 1_000)]), now: later) {
      rows += try await store.load(bucket.id, lease: lease, now: later)
    }
    #expect(rows.filter { $0.scheduleID == letter.scheduleID }.map(\.expiresFrom) == [nil, later])
    let erasure = try await store.erase(
      namespace: "default", user: "ada@example.com", .none, actor: .agent, dryRun: false, now: later)
    #expect(erasure == Erasure(schedules: 2, messages: 2, deadLetters: 0, receipts: 4, subscriptions: [], owned: 2))
    // Bob's receipt quotes her address, and is his.
    #expect(
      try folder.found(["ada@example.com:birthday", "Lovelace", "order-ada", "Dead for Ada", "1815-12-10"]) == [])
    await store.close()
  }

  @Test("a migration that was cut off before it wrote the file anew does so at the next opening")
  func cutOff() async throws {
    let folder = try version1()
    let queue = try DatabaseQueue(path: folder.file)
    try await queue.write { database in
      try database.execute(sql: Schema.version2)
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('2'); INSERT INTO meta VALUES ('vacuum_owed', 1)")
    }
    try await queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA secure_delete = OFF; CREATE TABLE junk (text)")
      try database.execute(sql: "INSERT INTO junk VALUES (replace(hex(zeroblob(9000)), '00', 'LEFTOVER'))")
      try database.execute(sql: "DROP TABLE junk")
    }
    try queue.close()
    #expect(try folder.found(["LEFTOVER"]) == ["store.db: LEFTOVER"])
    let store = try await SQLiteStore.open(path: folder.file)
    #expect(try folder.found(["LEFTOVER"]) == [])
    #expect(try await store.read { try $0.counter(.vacuumOwed) } == 0)
    await store.close()
  }
}
