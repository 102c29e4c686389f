import EventModel
import Foundation
import GRDB
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

@Suite struct FileTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func code(_ body: () async throws -> Void) async -> StoreError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  private func submit(_ store: SQLiteStore, _ id: String, text: String = "{}") async throws -> Submission? {
    let schedule = Schedule(
      namespace: "default", id: id, userID: nil, eventType: "notification", definitionJSON: text, startAt: now)
    let event = PlannedEvent(key: id, dueAt: now, runAt: now, timeZone: "UTC", queue: "low")
    return try await store.submit(
      [OneOff(schedule: schedule, event: event, idempotencyKey: id)], owner: nil, now: now
    ).submissions.first
  }

  @Test("only its owner may read a store's files, whatever the mode was before")
  func permissions() async throws {
    let folder = try Folder()
    try #require(
      FileManager.default.createFile(atPath: folder.file, contents: nil, attributes: [.posixPermissions: 0o644]))
    let store = try await SQLiteStore.open(path: folder.file)
    _ = try await submit(store, "a")
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(try mode(folder.file + suffix) == 0o600, "mode of the file\(suffix)")
    }
    await store.close()
  }

  @Test("commits are synchronised to the disk")
  func synchronous() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let setting = try await store.write(.change, rows: 1) { session in
      try session.query("PRAGMA synchronous").first { $0.int(0) }
    }
    #expect(setting == 2, "2 is FULL")
    await store.close()
  }

  @Test("a second opener is refused and told who has the store; closing lets go")
  func locked() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let error = await code { _ = try await SQLiteStore.open(path: folder.file) }
    #expect(error?.code == .locked)
    #expect(error?.message.contains("PID \(ProcessInfo.processInfo.processIdentifier)") == true)
    await store.close()
    let again = try await SQLiteStore.open(path: folder.file)
    await again.close()
    await again.close()
    let late = await code { _ = try await again.openAgent(name: "a", version: "1", leaseFor: .seconds(1), now: now) }
    #expect(late?.code == .unavailable)
  }

  @Test("a full disk refuses what it cannot keep, keeps what it acknowledged, and heals")
  func full() async throws {
    let folder = try Folder()
    let small = try await SQLiteStore.open(path: folder.file, options: .init(maximumPages: 120))
    var kept: [EventIdentity] = []
    var failure: StoreError?
    let text = #"{"text":""# + String(repeating: "x", count: 2_000) + #""}"#
    for number in 0..<1_000 where failure == nil {
      failure = await code {
        guard case .created(let identity) = try await submit(small, "n-\(number)", text: text) else { return }
        kept.append(identity)
      }
    }
    #expect(failure?.code == .full)
    #expect(kept.count > 10)
    // Reading still works, and so does what needs no room.
    #expect(try await small.event(namespace: "default", identity: kept[0]).state == .pending)
    await small.close()
    let healed = try await SQLiteStore.open(path: folder.file, options: .init(checksIntegrity: true))
    for identity in kept { _ = try await healed.event(namespace: "default", identity: identity) }
    #expect(try await submit(healed, "after", text: text) != nil)
    #expect(try await healed.check(from: now, to: now + .minutes(1)).rows == kept.count + 1)
    await healed.close()
  }

  @Test("a batch that meets a full disk is kept whole or not at all")
  func fullBatch() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file, options: .init(maximumPages: 100))
    let users = (0..<900).map { number in
      Change.putUser(
        User(namespace: "default", id: "u-\(number)", displayName: String(repeating: "n", count: 900)), .none)
    }
    let error = await code { _ = try await store.commit(users, actor: .agent, dryRun: false, now: now) }
    #expect(error?.code == .full)
    #expect(try await store.users(namespace: "default", page: PageRequest(size: 10)).items.isEmpty)
    await store.close()
  }

  @Test("a file of a newer version is left as it is")
  func newer() async throws {
    let folder = try Folder()
    try await SQLiteStore.open(path: folder.file).close()
    let queue = try DatabaseQueue(path: folder.file)
    try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2999')") }
    try queue.close()
    let error = await code { _ = try await SQLiteStore.open(path: folder.file) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("newer version") == true)
  }

  @Test("an SQLite file of another program is refused")
  func foreign() async throws {
    let folder = try Folder()
    let queue = try DatabaseQueue(path: folder.file)
    try await queue.write { try $0.execute(sql: "CREATE TABLE recipe (id INTEGER)") }
    try queue.close()
    let error = await code { _ = try await SQLiteStore.open(path: folder.file) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("another program") == true)
  }

  @Test("a damaged file is refused as damaged", arguments: ["header", "middle"])
  func damaged(_ place: String) async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let changes = (0..<500).map { Change.putUser(User(namespace: "default", id: "u-\($0)"), .none) }
    _ = try await store.commit(changes, actor: .agent, dryRun: false, now: now)
    await store.close()
    let handle = try #require(FileHandle(forUpdatingAtPath: folder.file))
    if place == "header" {
      try handle.write(contentsOf: Data("this is no database, it is a poem".utf8))
    } else {
      let size = try handle.seekToEnd()
      for offset in stride(from: UInt64(8 * 4_096), to: size, by: 4_096) {
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data(repeating: 0xa5, count: 64))
      }
    }
    try handle.close()
    let error = await code { _ = try await SQLiteStore.open(path: folder.file, options: .init(checksIntegrity: true)) }
    #expect(error?.code == .corrupt)
  }

  @Test("a folder that is not there is said to be so")
  func missingFolder() async throws {
    let error = await code { _ = try await SQLiteStore.open(path: "/nonexistent/store.db") }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("/nonexistent/store.db") == true)
  }
}
