import EventModel
import Store
import StoreSQL
import Testing

@testable import StoreMove
@testable import StoreTesting

@Suite struct MigrateRefusalTests {
  private static func refusal(_ body: () async throws -> Void) async throws -> String {
    do {
      try await body()
    } catch let error as StoreError {
      return "\(error.code.rawValue): \(error.message)"
    }
    Issue.record("it was not refused")
    return ""
  }

  @Test("no agent can use a store that was moved away; giving the move up takes a word")
  func moved() async throws {
    try await MovingPlace.withDatabase { place, database in
      for (source, target) in [(place.sqlite(), database), (database, place.sqlite("back.db"))] {
        if source != database { try await source.use { try await $0.commit(.putSchedule(Scene.schedule("s"), .none)) } }
        _ = try await StoreMove.migrate(from: source, to: target, version: "test")
        #expect(try await Self.refusal { try await source.use { _ in } }.contains("the store was moved to another one"))
        #expect(
          try await Self.refusal { _ = try await StoreMove.migrate(from: source, to: target, version: "test") }
            .hasPrefix("failedPrecondition"))
        #expect(try await Self.refusal { try await StoreMove.cancel(source, force: false) }.contains("--force"))
      }
      try await StoreMove.cancel(place.sqlite(), force: true)
      try await place.sqlite().use { _ in }
    }
  }

  @Test("a target with anything in it is refused, and neither store is changed")
  func notEmpty() async throws {
    try await MovingPlace.withDatabase { place, database in
      try await place.sqlite().use { try await $0.commit(.putSchedule(Scene.schedule("s"), .none)) }
      try await database.use { try await $0.commit(.putSchedule(Scene.schedule("other"), .none)) }
      let sums = try await database.sums()
      let words = try await Self.refusal {
        _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
      }
      #expect(words.contains("the store is not empty"))
      #expect(try await database.sums() == sums)
      try await place.sqlite().use { _ in }
    }
  }

  @Test("while an agent runs on either, nothing is moved")
  func running() async throws {
    try await MovingPlace.withDatabase { place, database in
      try await place.sqlite().use { _ in
        let words = try await Self.refusal {
          _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
        }
        #expect(words.hasPrefix("locked") && words.contains("stop that agent first"))
      }
      try await database.use { scene in _ = try await scene.longAgent("busy") }
      for (source, target) in [(database, place.sqlite("back.db")), (place.sqlite(), database)] {
        let words = try await Self.refusal {
          _ = try await StoreMove.migrate(from: source, to: target, version: "test")
        }
        #expect(words.contains("the agent busy runs on the database"))
      }
      try await place.sqlite().use { _ in }
    }
  }

  @Test("a copy that fails leaves the target empty and the source in use")
  func failing() async throws {
    try await MovingPlace.withDatabase { place, database in
      try await place.sqlite().use { scene in
        // What SQLite takes and PostgreSQL does not.
        try await scene.commit(.putUser(User(namespace: "default", id: "nul", displayName: "a b"), .none))
      }
      try await place.sqlite().run("UPDATE user SET display_name = 'a' || char(0) || 'b'")
      let words = try await Self.refusal {
        _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
      }
      #expect(words.contains("U+0000"))
      #expect(try await database.query("SELECT count(*) FROM user") { $0.int64(0) } == [0])
      try await place.sqlite().use { _ in }
    }
  }

  @Test("a move that was cut off keeps the source closed until it is run again", arguments: [false, true])
  func cutOff(cancels: Bool) async throws {
    try await MovingPlace.withDatabase { place, database in
      try await place.sqlite().use { try await $0.commit(.putSchedule(Scene.schedule("s"), .none)) }
      try await place.sqlite().run("INSERT INTO meta (key, value) VALUES ('moving_since', 1)")
      #expect(try await Self.refusal { try await place.sqlite().use { _ in } }.contains("did not end"))
      if cancels {
        try await StoreMove.cancel(place.sqlite(), force: false)
        try await place.sqlite().use { _ in }
      } else {
        _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
        try await database.use { scene in _ = try await Furnished.number("s", scene) }
      }
    }
  }
}
