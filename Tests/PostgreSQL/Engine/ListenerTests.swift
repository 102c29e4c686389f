import Store
import Testing

@testable import StorePostgreSQL

@Suite("Listening")
struct ListenerTests {
  @Test("what is committed is heard, what is undone is not; a lost connection comes back by itself")
  func hears() async throws {
    let cluster = try await Cluster.shared.value
    let channel = "Channel \"\(freshTable())\""
    let configuration = try PostgresConfiguration(url: cluster.primary, applicationName: channel)
    let listener = PostgresListener(configuration, channels: [channel])
    var events = listener.events().makeAsyncIterator()
    #expect(await events.next() == .listening)
    try await Way.pgbouncer.withPool { pool in
      _ = try? await pool.transaction { session in
        try session.notify(channel, "undone")
        throw StoreError(.conflict, "undone")
      }
      try await pool.transaction { try $0.notify(channel, "a 🎂") }
      #expect(await events.next() == .notification(channel: channel, payload: "a 🎂"))
      try cluster.superuser(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = left('\(channel)', 63)")
      guard case .lost = await events.next() else {
        Issue.record("the listener did not notice that its connection was ended")
        return
      }
      #expect(await events.next() == .listening)
      try await pool.transaction { try $0.notify(channel) }
      #expect(await events.next() == .notification(channel: channel, payload: ""))
    }
  }

  @Test("a payload that PostgreSQL does not take is refused")
  func payload() async throws {
    try await Way.direct.withPool { pool in
      let error = await #expect(throws: StoreError.self) {
        try await pool.run { try $0.notify("c", String(repeating: "x", count: 8_000)) }
      }
      #expect(error?.code == .invalid)
      try await pool.run { try $0.notify("c", String(repeating: "x", count: 7_999)) }
    }
  }
}
