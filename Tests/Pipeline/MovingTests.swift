import CivilTime
import EventModel
import Foundation
import Store
import Testing

@testable import Pipeline

/// People who move, and zones that change while nobody runs.
@Suite struct MovingTests {
  /// 2027-01-15T08:00:00Z
  static let start = Timestamp(seconds: 1_800_000_000)

  private func birthday(_ id: String, user: String?, zone: String? = nil, day: String = "15", hour: String) -> Change {
    .putSchedule(
      Schedule(
        namespace: "default", id: id, userID: user, eventType: "birthday",
        definitionJSON: FlatJSON.object(["month": "1", "day": day, "hour": hour]), timeZone: zone,
        startAt: Self.start), .none)
  }

  private func ada(in zone: String) -> Change {
    .putUser(User(namespace: "default", id: "ada", timeZone: zone), .none)
  }

  private func kinds(_ world: World) async throws -> [String] {
    try await world.store.changes(namespace: "default", kinds: [], after: "", limit: 100).items.map(\.kind.rawValue)
  }

  @Test func whoMovesFromNewYorkToTokyoIsCongratulatedOnceAtTheNewTime() async throws {
    let world = try await World(at: Self.start, horizon: .hours(48))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    // 09:00 of the 16th is 14:00 UTC in New York and 00:00 UTC in Tokyo.
    try await world.commit(ada(in: "America/New_York"), birthday("ada", user: "ada", day: "16", hour: "9"))
    await world.settle()
    let filter = ReplanFilter(userID: "ada")
    let before = try await world.store.schedulesToReplan(
      namespace: "default", filter: filter, page: PageRequest(size: 10)
    ).items.flatMap(\.pending)
    #expect(before.map(\.dueAt) == [Self.start + .hours(30)])
    try await world.commit(ada(in: "Asia/Tokyo"))
    await world.settle()
    let after = try await world.store.schedulesToReplan(
      namespace: "default", filter: filter, page: PageRequest(size: 10)
    ).items.flatMap(\.pending)
    #expect(after.map(\.dueAt) == [Self.start + .hours(16)])
    #expect(after.map(\.key) == before.map(\.key))
    try await world.run(until: Self.start + .hours(40))
    #expect(sink.deliveries.map(\.event.due) == [Self.start + .hours(16)])
    #expect(sink.deliveries.map(\.event.timeZone) == ["Asia/Tokyo"])
    #expect(
      try await kinds(world) == ["user.created", "user.zone-changed", "event.scheduled", "event.completed"])
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func whatWasCelebratedBeforeTheMoveIsNotCelebratedAgain() async throws {
    let world = try await World(at: Self.start, horizon: .hours(48))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    // 18:00 of the 15th is 09:00 UTC in Tokyo and 23:00 UTC in New York.
    try await world.commit(ada(in: "Asia/Tokyo"), birthday("ada", user: "ada", hour: "18"))
    try await world.run(until: Self.start + .hours(2))
    #expect(sink.deliveries.count == 1)
    try await world.commit(ada(in: "America/New_York"))
    try await world.run(until: Self.start + .hours(24))
    #expect(sink.deliveries.count == 1)
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func aZoneThatChangedWhileNobodyRanIsNoticedAtTheNextStart() async throws {
    let folder = try ZoneFolder("Europe/London", "Europe/Paris")
    defer { folder.remove() }
    let world = try await World(at: Self.start, horizon: .hours(24), zones: try folder.open())
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      birthday("london", user: nil, zone: "Europe/London", hour: "20"),
      birthday("paris", user: nil, zone: "Europe/Paris", hour: "20"))
    await world.settle()
    #expect(try await Set(world.store.zoneDigests().keys) == ["Europe/London", "Europe/Paris"])
    // The process ends; London's rules become those of Tokyo, where 20:00 is 11:00 UTC; another process starts.
    try folder.replace("Europe/London", by: "Asia/Tokyo")
    world.restart(zones: try folder.open())
    #expect(try await world.pipeline.engine.zoneNotes.compare(now: world.time.now()) == 1)
    try await world.run(until: Self.start + .hours(13))
    #expect(sink.deliveries.map(\.event.due) == [Self.start + .hours(3), Self.start + .hours(11)])
    #expect(sink.deliveries.map(\.event.scheduleID) == ["london", "paris"])
    world.restart(zones: try folder.open())
    #expect(try await world.pipeline.engine.zoneNotes.compare(now: world.time.now()) == 0, "it is noted")
    try await world.expectAllClosedOnce()
    await world.close()
  }

  @Test func aStoreThatKnowsOfNoRulesPlansAllAnewAndNothingMoves() async throws {
    let world = try await World(at: Self.start, horizon: .hours(24))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(birthday("london", user: nil, zone: "Europe/London", hour: "20"))
    // As a version before left it: marked, and noted by nobody.
    #expect(try await world.store.zoneDigests().isEmpty)
    #expect(try await world.pipeline.engine.zoneNotes.compare(now: world.time.now()) == 1)
    #expect(try await world.pipeline.engine.zoneNotes.compare(now: world.time.now()) == 0, "once a process")
    try await world.run(until: Self.start + .hours(13))
    #expect(sink.deliveries.map(\.event.due) == [Self.start + .hours(12)])
    await world.close()
  }

  @Test func aPreviewShowsWhatAChangedZoneFileWouldMoveAndChangesNothing() async throws {
    let folder = try ZoneFolder("Europe/London", "Europe/Paris")
    defer { folder.remove() }
    let world = try await World(at: Self.start, horizon: .hours(24), zones: try folder.open())
    try await world.commit(
      birthday("london", user: nil, zone: "Europe/London", hour: "20"),
      birthday("paris", user: nil, zone: "Europe/Paris", hour: "20"))
    await world.settle()
    let page = PageRequest(size: 10)
    let calm = try await world.pipeline.previewReplan(namespace: "default", filter: ReplanFilter(), page: page)
    #expect(calm.changes.isEmpty && calm.schedules == 2)
    try folder.replace("Europe/London", by: "Asia/Tokyo")
    for _ in 0..<2 {
      let preview = try await world.pipeline.previewReplan(namespace: "default", filter: ReplanFilter(), page: page)
      let change = try #require(preview.changes.first)
      #expect(preview.changes.count == 1)
      #expect(change.scheduleID == "london" && change.key == "2027-01-15")
      #expect(change.dueAt == Self.start + .hours(12))
      #expect(change.what == .moves(to: Self.start + .hours(3), queue: "critical"))
    }
    await world.close()
  }
}

/// A folder with a few of the system's zones.
struct ZoneFolder {
  let path: String

  init(_ zones: String...) throws {
    path = NSTemporaryDirectory() + "carillon-zones-" + UUID().uuidString
    for zone in zones + ["UTC"] { try Self.copy(zone, to: path + "/" + zone) }
  }

  func open() throws -> TimeZoneDatabase { try TimeZoneDatabase(folder: path) }

  /// Gives one zone the rules of another one of the system's.
  func replace(_ zone: String, by other: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + zone)
    try Self.copy(other, to: path + "/" + zone)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static func copy(_ zone: String, to path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: TimeZoneDatabase.systemFolder + "/" + zone, toPath: path)
  }
}
