import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

/// The fixtures, read by the icalendar package too: both must ring at the same instants.
@Suite("iCalendar, against an independent reader")
struct CalendarOracleTests {
  private struct Answer: Decodable {
    var calendar: [String: [String]]
    var reminders: [String: [String]]
  }

  @Test(
    "each event of each export rings when an independent reader says",
    arguments: [
      ("google.ics", ["Long ago"]), ("apple.ics", []), ("outlook.ics", ["Nowhere"]), ("thunderbird.ics", []),
      ("nextcloud.ics", []),
    ])
  func sameRings(name: String, notTaken: [String]) throws {
    let file = Fixture.folder.appending(path: name)
    let reading = SourceReading(.ical, try Fixture.bytes(name))
    let schedules = reading.entries.flatMap { entry in entry.item.schedules.map { (entry.label, $0) } }
    #expect(!schedules.isEmpty)
    let reminders = try schedules.map { label, schedule in
      let definition = try schedule.definition.jsonString()
      return
        "{\"title\":\(JSONValue.string(label).compact),\"zone\":\"\(schedule.timeZone)\",\"definition\":\(definition)}"
    }
    let request = "{\"file\":\"\(file.path)\",\"reminders\":[\(reminders.joined(separator: ","))]}"
    let answer = try JSONDecoder().decode(Answer.self, from: try Self.run(request))
    var expected = answer.calendar
    for title in notTaken { #expect(expected.removeValue(forKey: title) != nil, "\(title) is in the calendar") }
    #expect(Set(answer.reminders.keys) == Set(expected.keys))
    for (title, rings) in expected { #expect(answer.reminders[title] == rings, "\(title)") }
    #expect(expected.values.contains { $0.count > 1 })
  }

  private static func run(_ request: String) throws -> Data {
    let input = FileManager.default.temporaryDirectory.appending(path: "ctl-oracle-\(UUID().uuidString)")
    try Data(request.utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, Fixture.folder.appending(path: "calendar_oracle.py").path]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "`deploy/setup.sh --tests` installs what the oracle needs")
    return answer
  }

  private static var python: String {
    if let given = ProcessInfo.processInfo.environment["CARILLON_PYTHON"], !given.isEmpty { return given }
    let own = Fixture.folder.appending(path: "../../../.build/venv/bin/python3").standardizedFileURL.path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }
}
