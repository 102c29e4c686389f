import EventModel
import Foundation
import Store
import Testing

@testable import Pipeline

/// A year of a thousand people, on a manual clock, against an independent calculation of every due instant.
@Suite struct YearTests {
  struct Person {
    var id: String
    var zone: String
    var month = 1
    var day = 1
    var hour = 9
    var minute = 0
    var lead = 0
    var leap = "feb-28"

    var definition: String {
      FlatJSON.object([
        "month": "\(month)", "day": "\(day)", "hour": "\(hour)", "minute": "\(minute)", "lead": "\(lead)", "leap": leap,
      ])
    }

    var line: String { "\(id) \(zone) \(month) \(day) \(leap) \(hour) \(minute) \(lead)" }
  }

  /// June 2027 to June 2028: with a 29 February, and every zone's changes.
  static let start = Timestamp(seconds: 1_811_808_000)
  static let end = start + .hours(24 * 366)

  @Test func everyBirthdayOfAThousandPeopleIsSentOnceAtItsInstant() async throws {
    let people = Self.people(1_000)
    let world = try await World(at: Self.start, horizon: .hours(26))
    let sink = TestSink()
    try await world.subscribe("hook", to: sink)
    try await world.commit(
      people.flatMap { person -> [Change] in
        [
          .putUser(User(namespace: "default", id: person.id, timeZone: person.zone), .none),
          .putSchedule(
            Schedule(
              namespace: "default", id: person.id, userID: person.id, eventType: "birthday",
              definitionJSON: person.definition, startAt: Self.start), .none),
        ]
      })
    try await world.run(until: Self.end - .milliseconds(1), step: .hours(24))

    let expected = try Self.oracle(people, from: Self.start, until: Self.end)
    let sent = sink.deliveries.map { "\($0.event.scheduleID) \($0.event.occurrenceKey) \($0.event.due.seconds)" }
    #expect(expected.count > 900)
    #expect(Set(sent) == Set(expected))
    #expect(sent.count == expected.count)
    #expect(sink.deliveries.allSatisfy { $0.lateness == .zero && $0.attempt == 1 })
    // What is planned for the day after is open; all that was due is closed, each once.
    let check = try await world.store.check(from: Self.start, to: Self.end)
    #expect(check.lost == 0 && check.closedTwice == 0)
    #expect(check.outcomes == [.delivered: expected.count])
    await world.close()
  }

  private static func people(_ count: Int) -> [Person] {
    var random = SplitMix(state: 20_270_601)
    let zones = [
      "America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
      "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "America/St_Johns", "Europe/Dublin", "Asia/Gaza",
      "America/Sao_Paulo", "Asia/Tehran", "Pacific/Chatham", "UTC", "America/Los_Angeles", "Europe/Lisbon",
    ]
    return (0..<count).map { index in
      var person = Person(id: "p\(index)", zone: zones[Int(random.next() % UInt64(zones.count))])
      if index % 20 == 0 {
        (person.month, person.day) = (2, 29)
        person.leap = ["feb-28", "mar-1", "leap-years-only"][index / 20 % 3]
      } else {
        person.month = Int(random.next() % 12) + 1
        person.day = Int(random.next() % 28) + 1
      }
      // Many at hours at which clocks change.
      person.hour = index % 3 == 0 ? Int(random.next() % 4) : Int(random.next() % 24)
      person.minute = Int(random.next() % 4) * 15
      person.lead = index % 5 == 0 ? 7 : 0
      return person
    }
  }

  private static func oracle(_ people: [Person], from: Timestamp, until: Timestamp) throws -> [String] {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("year_oracle.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", script.path]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let text = (["\(from.seconds) \(until.seconds)"] + people.map(\.line)).joined(separator: "\n")
    // The oracle reads all of its input before it writes, so that neither waits for the other.
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// A small generator with a seed, for tests that must be the same every time (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
