import EventModel
import Foundation
import Store
import StoreSQL
import Testing

@testable import StoreMove
@testable import StorePostgreSQL
@testable import StoreSQLite
@testable import StoreTesting

/// A folder of its own for a test, removed at the end, and a database if it asks for one.
final class MovingPlace: Sendable {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/carillon-move-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ name: String) -> String { "\(folder)/\(name)" }

  func sqlite(_ name: String = "store.db") -> StoreAddress { .sqlite(path: file(name)) }

  /// Runs `body` with an empty database.
  static func withDatabase(_ body: @Sendable (MovingPlace, StoreAddress) async throws -> Void) async throws {
    try await Turns.shared.take {
      let database = try await FreshDatabase()
      try await body(try MovingPlace(), .postgresql(url: database.url))
      try database.drop()
    }
  }
}

extension StoreAddress {
  /// Opens it as an agent does, and closes it.
  @discardableResult
  func use<Value: Sendable>(_ body: @Sendable (Scene) async throws -> Value) async throws -> Value {
    let store: any Store =
      switch self {
      case .sqlite(let path): try await SQLiteStore.open(path: path)
      case .postgresql(let url): try await PostgresStore.open(PostgresStore.Options(url: url, connections: 2))
      }
    do {
      let value = try await body(Scene(store: store) { store in store })
      await store.close()
      return value
    } catch {
      await store.close()
      throw error
    }
  }

  /// What a backup of it would say of its tables.
  func sums() async throws -> BackupTrailer {
    let store = try await OpenStore.open(self)
    let trailer = try await store.snapshot { try Exporter(session: $0).sums() }
    await store.close()
    return trailer
  }

  func query<Value: Sendable>(_ sql: String, _ read: @escaping @Sendable (Columns) throws -> Value) async throws
    -> [Value]
  {
    let store = try await OpenStore.open(self)
    let values = try await store.snapshot { try $0.query(sql).all(read: read) }
    await store.close()
    return values
  }

  func run(_ sql: String) async throws {
    let store = try await OpenStore.open(self)
    try await store.writeAlone { _ = try $0.query(sql).run() }
    await store.close()
  }
}

/// Something of everything: what is over, what waits, what is asked, and what is relayed.
enum Furnished {
  /// Due when an agent holds them, and never recorded.
  static let held = "held"

  static func fill(_ scene: Scene) async throws {
    let hook = try await scene.sink("hook")
    for topic in ["user.created", "event.scheduled", "event.completed"] {
      try await scene.commit(
        .putSubscription(Subscription(namespace: "default", id: topic, eventType: topic, sink: "hook"), .none))
    }
    try await scene.commit(
      .putUser(User(namespace: "default", id: "ada", displayName: "Ada \u{1F382}", timeZone: "Europe/London"), .none),
      .putUser(User(namespace: "other", id: "bob", displayName: ""), .none))
    let now = scene.now
    let digest = try #require(SHA256Digest(bytes: Array(repeating: 1, count: 32)))
    try await scene.commit(
      .createToken(AccessToken(id: "t", digest: digest, role: .viewer, expiresAt: now + .hours(1))),
      .createGrant(Grant(id: "g", identity: "dns:a.example.org", role: .admin)),
      .createDenial(Denial(id: "d", subject: .certificate(digest), reason: "lost")))
    var queue = Queue.standard[0]
    queue.name = "mine"
    _ = try await scene.store.create(
      .putQueue(queue, .absent), request: RequestID(id: "r", content: [1]), actor: Actor(name: "x"), dryRun: false,
      now: now)
    try await scene.planned("today", (0..<6).map { Scene.event("t\($0)", due: now) }, user: "ada")
    try await scene.planned("later", [Scene.event("l", due: now + .hours(30))])
    try await scene.planned("tomorrow", [Scene.event("m", due: now + .hours(24))], namespace: "other", user: "bob")
    let lease = try await scene.agent("one")
    let rows = try await scene.take(lease, at: now)
    let failed = Message(title: "T", text: "Hello", html: "<p>\u{e9}</p>", data: "{}")
    _ = try await scene.store.record(
      [
        Scene.receipt(rows[0], sink: hook.rawValue),
        Scene.receipt(rows[1], .dead, sink: hook.rawValue, dead: failed),
        Scene.receipt(rows[2], .retry, sink: 2, followUp: Scene.retry(rows[2], at: now + .hours(2), sink: 2)),
        Scene.receipt(rows[3], sink: 3, closes: false),
      ], lease: lease, now: now)
    _ = try await scene.store.cancel(rows[4].identity, reason: "no more", actor: Actor(name: "test"), now: now)
    _ = try await scene.store.cancel(
      EventIdentity(schedule: try await number("later", scene), key: "l"), reason: "", actor: Actor(name: "x"), now: now
    )
  }

  static func number(_ schedule: String, _ scene: Scene, namespace: String = "default") async throws -> ScheduleNumber {
    try #require(
      try await scene.store.schedules(namespace: namespace, filter: ScheduleFilter(), page: PageRequest(size: 100))
        .items
        .first { $0.id == schedule }?.number)
  }

  /// The states of all events, by id.
  static func states(_ scene: Scene) async throws -> [String: EventState] {
    var states: [String: EventState] = [:]
    for namespace in ["default", "other"] {
      let page = try await scene.store.events(
        namespace: namespace, filter: EventFilter(), page: PageRequest(size: 1_000))
      for event in page.items { states[event.identity.text] = event.state }
    }
    return states
  }
}
