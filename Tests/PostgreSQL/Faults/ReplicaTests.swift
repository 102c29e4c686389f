import EventModel
import Foundation
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

@Suite("A standby for what may lag")
struct ReplicaTests {
  @Test("lists are read there, and what must be fresh never; when it is away, the primary answers")
  func replica() async throws {
    let cluster = try await Cluster.start(["--replica"])
    let port = try Cluster.port(cluster.replica)
    let proxy = try CuttingProxy(to: port)
    let replicaURL = try FreshDatabase.url(cluster.replica, through: proxy)
    let store = try await PostgresStore.open(
      PostgresStore.Options(url: cluster.primary, replicaURL: replicaURL, connections: 2))
    let scene = Scene(store: store, reopen: { $0 })
    let replica = PostgresPool(
      try {
        var configuration = try PostgresConfiguration(url: cluster.replica)
        configuration.role = .replica
        return configuration
      }())
    func users() async throws -> [String] {
      try await store.users(namespace: "default", page: PageRequest(size: 10)).items.map(\.id)
    }
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    while try await replica.run(onlyReads: true, { try $0.execute("SELECT count(*) FROM \"user\"").int64(0, 0) }) < 1 {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try await users() == ["ada"])
    // From here on it lags.
    try cluster.superuser(on: "replica", "SELECT pg_wal_replay_pause()")
    try await scene.commit(
      .putUser(User(namespace: "default", id: "bob"), .none), .putSchedule(Scene.schedule("s", user: "bob"), .none))
    #expect(try await users() == ["ada"])
    #expect(try await scene.item("s").user?.id == "bob")
    let lease = try await scene.agent()
    #expect(try await store.agents().map(\.name) == ["one"])
    #expect(try await store.owned(by: lease, now: scene.now).isEmpty)
    // Away: new connections are refused, and the one that is there is cut.
    proxy.stop()
    proxy.arm(.piece(1))
    #expect(try await users() == ["ada", "bob"])
    #expect(try await users() == ["ada", "bob"])
    await replica.close()
    await store.close()
    try cluster.remove()
  }
}
