import AnniversaryPlugin
import BirthdayPlugin
import EventModel
import Foundation
import PluginKit0
import ReminderPlugin
import Store
import Testing

@testable import Pipeline

/// A year of a thousand people and two hundred calendars, on a manual clock, by the event types as they are delivered,
/// against an independent calculation of every due instant.
@Suite struct YearTests {
  /// June 2027 to June 2028: with a 29 February, and every zone's changes.
  static let start = Timestamp(seconds: 1_811_808_000)
  static let end = start + .hours(24 * 366)

  @Test func everyOccasionAndReminderIsSentOnceAtItsInstant() async throws {
    let host = PluginSurroundings.host
    let plugins = TestPlugins(types: [
      "birthday": PluginType(plugin: try Birthday(name: "b", configuration: "{}", host: host)),
      "anniversary": PluginType(plugin: try Anniversary(name: "a", configuration: "{}", host: host)),
      "reminder": PluginType(plugin: Reminder(host: host)),
    ])
    let world = try await World(at: Self.start, plugins: plugins, horizon: .hours(26))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    var calendar = YearCalendar(seed: 20_270_601)
    let people = calendar.people(1_000)
    let series = people.flatMap(\.series) + calendar.reminders(200)
    try await world.commit(people.map { .putUser($0.user, .none) })
    try await world.commit(series.map { .putSchedule($0.schedule(from: Self.start), .none) })
    try await world.run(until: Self.end - .milliseconds(1), step: .hours(24))

    let expected = try Self.oracle(series, from: Self.start, until: Self.end)
    let sent = sink.deliveries.map { "\($0.event.scheduleID) \($0.event.occurrenceKey) \($0.event.due.seconds)" }
    let (surplus, missing) = (Set(sent).subtracting(expected), Set(expected).subtracting(sent))
    #expect(surplus.isEmpty, "\(surplus.sorted().prefix(10))")
    #expect(missing.isEmpty, "\(missing.sorted().prefix(10))")
    #expect(sent.count == expected.count && expected.count > 4_000)
    for kind in ["b", "a", "r"] { #expect(expected.count { $0.hasPrefix(kind) } > 500, "\(kind)") }
    #expect(sink.deliveries.allSatisfy { $0.lateness == .zero && $0.attempt == 1 })
    // What is planned for the day after is open; all that was due is closed, each once.
    let check = try await world.store.check(from: Self.start, to: Self.end)
    #expect(check.lost == 0 && check.closedTwice == 0)
    #expect(check.outcomes == [.delivered: expected.count])
    await world.close()
  }

  /// The Python that `make setup` keeps the oracles' modules for, or the system's.
  private static func python(near folder: URL) -> String {
    let own = folder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(".build/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
  }

  /// When everything is due, by Python's calendar, zoneinfo and dateutil.
  private static func oracle(_ series: [YearSeries], from: Timestamp, until: Timestamp) throws -> [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python(near: folder))
    process.arguments = ["-W", "ignore", folder.appendingPathComponent("year_oracle.py").path]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let text = (["\(from.seconds) \(until.seconds)"] + series.map(\.line)).joined(separator: "\n")
    // The oracle reads all of its input before it writes, so that neither waits for the other.
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
