import CivilTime
import EventModel
import Foundation
import Store
import Testing

@testable import Pipeline

@Suite struct ZoneChangeTests {
  /// 2027-01-15T08:00:00Z
  static let start = Timestamp(seconds: 1_800_000_000)

  @Test func whenAZonesRulesChangePendingEventsMoveAndKeepTheirIdentity() async throws {
    let files = FileManager.default
    let folder = NSTemporaryDirectory() + "carillon-zones-" + UUID().uuidString
    defer { try? files.removeItem(atPath: folder) }
    try files.createDirectory(atPath: folder + "/Europe", withIntermediateDirectories: true)
    let system = TimeZoneDatabase.systemFolder
    try files.copyItem(atPath: system + "/UTC", toPath: folder + "/UTC")
    try files.copyItem(atPath: system + "/Europe/London", toPath: folder + "/Europe/London")

    let world = try await World(at: Self.start, horizon: .hours(24), zones: try TimeZoneDatabase(folder: folder))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      .putSchedule(
        Schedule(
          namespace: "default", id: "s", userID: nil, eventType: "birthday",
          definitionJSON: FlatJSON.object(["month": "1", "day": "15", "hour": "20"]), timeZone: "Europe/London",
          startAt: Self.start), .none))
    await world.settle()
    // The rules of London become those of Tokyo: 20:00 is at 11:00 UTC.
    try files.removeItem(atPath: folder + "/Europe/London")
    try files.copyItem(atPath: system + "/Asia/Tokyo", toPath: folder + "/Europe/London")
    try await world.pipeline.upkeep.reloadZones()
    try await world.run(until: Self.start + .hours(13))
    #expect(sink.deliveries.map(\.event.due) == [Self.start + .hours(3)])
    #expect(sink.deliveries.map(\.event.occurrenceKey) == ["2027-01-15"])
    #expect(sink.deliveries.map(\.event.local.hour) == [20])
    try await world.expectAllClosedOnce(rows: 2)
    await world.close()
  }
}
