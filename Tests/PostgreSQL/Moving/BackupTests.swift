import EventModel
import Foundation
import Store
import StoreSQL
import Testing

@testable import StoreMove
@testable import StoreTesting

@Suite struct BackupTests {
  @Test("a backup of a store in use has the state of one moment, for its owner's eyes only", arguments: [true, false])
  func live(isFile: Bool) async throws {
    try await MovingPlace.withDatabase { place, database in
      let source = isFile ? place.sqlite() : database
      let file = place.file("a.backup")
      let sums = try await source.use { scene in
        try await Furnished.fill(scene)
        let report = try await StoreMove.backup(of: source, to: file, version: "test")
        #expect(report.open > 0 && report.bytes > 1_000)
        // The agent goes on: what it writes now is not in the backup.
        try await scene.commit(.putUser(User(namespace: "default", id: "late", displayName: ""), .none))
        return report
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder).allSatisfy { !$0.contains("partial") })
      let copy = place.sqlite("copy.db")
      let report = try await StoreMove.restore(from: file, into: copy)
      #expect(report.rows == sums.rows && report.skipped == 0, "all of it is due after the machine's clock")
      #expect(try await copy.query("SELECT count(*) FROM user WHERE name = 'late'") { $0.int64(0) } == [0])
      #expect(try await copy.query("SELECT count(*) FROM user") { $0.int64(0) } == [2])
    }
  }

  @Test("a backup of one backend is restored into the other", arguments: [true, false])
  func crossed(fromFile: Bool) async throws {
    try await MovingPlace.withDatabase { place, database in
      let (source, target) = fromFile ? (place.sqlite(), database) : (database, place.sqlite())
      let states = try await source.use { scene in
        try await Furnished.fill(scene)
        try await scene.store.release(try await scene.agent("one"), now: scene.now)
        return try await Furnished.states(scene)
      }
      _ = try await StoreMove.backup(of: source, to: place.file("b"), version: "test")
      _ = try await StoreMove.restore(from: place.file("b"), into: target)
      #expect(try await target.use { try await Furnished.states($0) } == states)
    }
  }

  @Test("a backup replaces no file, and leaves none behind when it fails")
  func files() async throws {
    let place = try MovingPlace()
    try await place.sqlite().use { _ in }
    try Data("mine".utf8).write(to: URL(filePath: place.file("b")))
    await #expect(throws: StoreError.self) {
      try await StoreMove.backup(of: place.sqlite(), to: place.file("b"), version: "test")
    }
    await #expect(throws: StoreError.self) {
      try await StoreMove.backup(of: place.sqlite("missing.db"), to: place.file("c"), version: "test")
    }
    #expect(try String(contentsOfFile: place.file("b"), encoding: .utf8) == "mine")
    let names = try FileManager.default.contentsOfDirectory(atPath: place.folder)
    #expect(!names.contains("c") && names.allSatisfy { !$0.contains("partial") && $0 != "missing.db" })
  }

  @Test("a damaged or cut backup is refused wherever the damage is, and nothing of it stays")
  func damage() async throws {
    let place = try MovingPlace()
    try await place.sqlite().use { scene in try await Furnished.fill(scene) }
    _ = try await StoreMove.backup(of: place.sqlite(), to: place.file("whole"), version: "test")
    let whole = try Data(contentsOf: URL(filePath: place.file("whole")))
    var damaged: [Data] = [Data(), whole.dropLast(1), whole.dropLast(40), whole + [0]]
    for place in stride(from: 0, to: whole.count, by: max(whole.count / 12, 1)) {
      var data = whole
      data[place] ^= 0x10
      damaged += [data, whole.prefix(place)]
    }
    for (number, data) in damaged.enumerated() {
      try data.write(to: URL(filePath: place.file("bad")))
      do {
        _ = try await StoreMove.restore(from: place.file("bad"), into: place.sqlite("target.db"))
        Issue.record("damage \(number) was not found")
      } catch {
        #expect(error.code == .corrupt || error.code == .invalid || error.code == .failedPrecondition, "\(error)")
      }
    }
    _ = try await StoreMove.restore(from: place.file("whole"), into: place.sqlite("target.db"))
    #expect(try await place.sqlite("target.db").query("SELECT count(*) FROM user") { $0.int64(0) } == [2])
  }

  @Test("any history of a store survives the way to the other backend and back", arguments: 1...3)
  func random(seed: Int) async throws {
    try await MovingPlace.withDatabase { place, database in
      try await place.sqlite().use { scene in
        var play = RandomPlay(scene: scene, seed: UInt64(seed))
        try await play.play(steps: 150)
      }
      let sums = try await place.sqlite().sums()
      _ = try await StoreMove.migrate(from: place.sqlite(), to: database, version: "test")
      _ = try await StoreMove.migrate(from: database, to: place.sqlite("back.db"), version: "test")
      var back = try await place.sqlite("back.db").sums()
      // Its agents have ended meanwhile.
      back.tables["agent"] = sums.tables["agent"]
      #expect(back == sums)
      try await place.sqlite("back.db").use { try await $0.audit() }
    }
  }
}
