import EventModel
import Store
import Testing

@testable import StorePostgreSQL

/// Agents tell each other that there is something to look at.
@Suite("Wake-ups") struct WakeUpTests {
  private static let actor = Actor(name: "test")
  private static let now = Timestamp(seconds: 1_777_636_800)

  private func put(_ id: String) -> Change { .putUser(User(namespace: "default", id: id), .none) }

  @Test("a change through one process wakes another, whichever way it writes")
  func wakes() async throws {
    try await FreshDatabase.with { database in
      let pooled = PostgresStore.Options(url: database.pooledURL, directURL: database.url, prepares: false)
      try await withStores(PostgresStore.Options(url: database.url), pooled) { one, other in
        var heard = other.wakeUps().makeAsyncIterator()
        // That it listens from now on: what was before may have been missed.
        #expect(await heard.next() != nil)
        _ = try await one.commit([put("ada")], actor: Self.actor, dryRun: false, now: Self.now)
        #expect(await heard.next() != nil)
        var back = one.wakeUps().makeAsyncIterator()
        #expect(await back.next() != nil)
        _ = try await other.commitEach([put("bob")], actor: Self.actor, dryRun: false, now: Self.now)
        #expect(await back.next() != nil)
      }
    }
  }

  @Test("a process does not wake itself; a dry run wakes nobody")
  func own() async throws {
    #expect(Bell.wakes(.listening, own: "a") && Bell.wakes(.notification(channel: "c", payload: "b"), own: "a"))
    #expect(!Bell.wakes(.notification(channel: "c", payload: "a"), own: "a") && !Bell.wakes(.lost("why"), own: "a"))
    try await FreshDatabase.with { database in
      let options = PostgresStore.Options(url: database.url)
      try await withStores(options, options) { one, other in
        let listener = PostgresListener(try PostgresConfiguration(url: database.url), channels: [Bell.channel])
        var heard = listener.events().makeAsyncIterator()
        #expect(await heard.next() == .listening)
        _ = try await other.commit([put("bob")], actor: Self.actor, dryRun: true, now: Self.now)
        _ = try await one.commit([put("ada")], actor: Self.actor, dryRun: false, now: Self.now)
        #expect(await heard.next() == .notification(channel: Bell.channel, payload: one.bell.token))
      }
    }
  }

  @Test("behind a pooler without a direct way there are none")
  func none() async throws {
    try await FreshDatabase.with { database in
      let options = PostgresStore.Options(url: database.pooledURL, prepares: false)
      try await withStores(options, options) { one, _ in
        var heard = one.wakeUps().makeAsyncIterator()
        #expect(await heard.next() == nil)
      }
    }
  }

  private func withStores(
    _ first: PostgresStore.Options, _ second: PostgresStore.Options,
    _ body: (PostgresStore, PostgresStore) async throws -> Void
  ) async throws {
    let one = try await PostgresStore.open(first)
    let other = try await PostgresStore.open(second)
    do {
      try await body(one, other)
    } catch {
      await one.close()
      await other.close()
      throw error
    }
    await one.close()
    await other.close()
  }
}
