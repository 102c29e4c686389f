import EventModel
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

@Suite struct AuditTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func records(_ store: SQLiteStore) async throws -> [String] {
    try await store.read { session in
      try session.query("SELECT actor, action, resource, count, at FROM audit ORDER BY id").all {
        "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.int64(3)) \($0.time(4).seconds)"
      }
    }
  }

  @Test("every change has its record, a batch has one, and what changed nothing has none")
  func records() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let actor = Actor(name: "unix:1000")
    var user = User(namespace: "default", id: "u-1", displayName: "Ada Lovelace", addresses: ["email": "ada@x.org"])
    _ = try await store.commit([.putUser(user, .none)], actor: actor, dryRun: false, now: now)
    _ = try await store.commit([.putUser(user, .none)], actor: actor, dryRun: false, now: now)
    user.nickname = "A"
    _ = try await store.commit([.putUser(user, .none)], actor: actor, dryRun: true, now: now)
    let many = (2...4).map { Change.putUser(User(namespace: "default", id: "u-\($0)"), .none) }
    let failing = Change.deleteUser(namespace: "default", id: "nobody", .none)
    await #expect(throws: StoreError.self) {
      _ = try await store.commit(many + [failing], actor: actor, dryRun: false, now: now)
    }
    _ = try await store.commitEach(many + [failing], actor: actor, dryRun: false, now: now)
    _ = try await store.commit(
      [.deleteUser(namespace: "default", id: "u-1", .none)], actor: .agent, dryRun: false, now: now)
    #expect(
      try await records(store) == [
        "unix:1000 user.put default/user#1 1 1800000000", "unix:1000 batch  3 1800000000",
        "agent user.delete default/user#1 1 1800000000",
      ])
    await store.close()
  }

  @Test("cancelling and moving are recorded, and that it was too late is not")
  func interventions() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let schedule = Schedule(
      namespace: "default", id: "n", userID: nil, eventType: "notification", definitionJSON: "{}", startAt: now)
    let event = PlannedEvent(key: "n", dueAt: now, runAt: now, timeZone: "UTC", queue: "low")
    let answer = try await store.submit(
      [OneOff(schedule: schedule, event: event, idempotencyKey: "n")], owner: nil, now: now)
    guard case .created(let identity) = answer.submissions.first else {
      Issue.record("expected an event")
      return
    }
    let actor = Actor(name: "a")
    _ = try await store.move(identity, dueAt: now + .hours(1), queue: nil, actor: actor, now: now)
    _ = try await store.cancel(identity, reason: "private words", actor: actor, now: now)
    _ = try await store.cancel(identity, reason: "again", actor: actor, now: now)
    let name = "default/schedule#\(identity.schedule.rawValue)"
    #expect(
      try await records(store) == ["a event.move \(name) 1 1800000000", "a event.cancel \(name) 1 1800000000"])
    await store.close()
  }
}
