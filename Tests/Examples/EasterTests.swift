import EventModel
import Foundation
import Testing

@testable import PluginHost

/// Where there is no cargo these are shown as skipped: the example cannot be built there.
@Suite("easter, in Rust", .enabled(if: Examples.hasCargo, "cargo is not on the PATH"))
struct EasterTests {
  private static func request(_ definition: String, _ after: OccurrenceCursor, _ maximum: Int) -> OccurrenceRequest {
    OccurrenceRequest(definitionJSON: definition, user: nil, timeZone: "Europe/Paris", after: after, maximum: maximum)
  }

  private static func start(_ year: Int32, _ month: UInt8 = 1, _ day: UInt8 = 1, hour: UInt8 = 0) -> OccurrenceCursor {
    OccurrenceCursor(
      isStart: true, civil: .init(year: year, month: month, day: day, hour: hour), instant: Timestamp(seconds: 0),
      ordinal: 0, key: "")
  }

  private static func cursor(after last: Occurrence) throws -> OccurrenceCursor {
    guard case .civil(let civil) = last.when else { throw Examples.Failure(description: "no local time") }
    return OccurrenceCursor(
      isStart: false, civil: civil, instant: Timestamp(seconds: 0), ordinal: last.ordinal, key: last.key)
  }

  private static func date(_ occurrence: Occurrence) -> String {
    guard case .civil(let civil) = occurrence.when else { return "no local time" }
    return String(format: "%04d-%02d-%02d", civil.year, civil.month, civil.day)
  }

  @Test("It is Easter when python-dateutil says so: in 2,516 years, by both calendars, page by page")
  func oracle() async throws {
    let finished = try await Python.run("easters.py", ["1583", "4098"])
    try #require(finished.status == 0, "\(finished.errors)")
    try await Host.withEventType("easter") { type in
      for calendar in ["western", "orthodox"] {
        let expected = finished.lines.filter { $0.hasPrefix(calendar) }.map { String($0.split(separator: " ")[1]) }
        var found: [String] = []
        var cursor = Self.start(1583)
        while found.count < expected.count {
          let definition = #"{"days": [0], "calendar": "\#(calendar)"}"#
          let page = try await type.next([Self.request(definition, cursor, 97)])[0].get()
          found += page.map(Self.date)
          cursor = try Self.cursor(after: try #require(page.last))
        }
        #expect(Array(found.prefix(expected.count)) == expected && expected.count == 2_516)
      }
    }
  }

  @Test("Pages of any size give the same series: every day in order, with its own key and number")
  func pages() async throws {
    try await Host.withEventType("easter") { type in
      let definition = #"{"days": [150, 0, -80, 49, -2, 39], "at": "23:59"}"#
      let whole = try await type.next([Self.request(definition, Self.start(1900), 1_200)])[0].get()
      #expect(whole.count == 1_200 && Set(whole.map(\.key)).count == 1_200)
      #expect(whole.map(\.ordinal) == Array(1...1_200))
      #expect(whole.map(Self.date) == whole.map(Self.date).sorted())
      #expect(whole.prefix(2).map(\.key) == ["western-1900-80", "western-1900-2"])
      for size in [1, 7, 500] {
        var found: [Occurrence] = []
        var cursor = Self.start(1900)
        while found.count < (size == 1 ? 50 : 1_200) {
          found += try await type.next([Self.request(definition, cursor, size)])[0].get()
          cursor = try Self.cursor(after: try #require(found.last))
        }
        #expect(zip(found, whole).allSatisfy { $0.key == $1.key && $0.ordinal == $1.ordinal && $0.when == $1.when })
      }
      let same = await type.next([Self.request(definition, Self.start(1900), 1_200)])
      #expect(try same[0].get().map(\.key) == whole.map(\.key))
    }
  }

  @Test("A start at the minute counts, one after it does not; the calendar ends, and so does the series")
  func ends() async throws {
    try await Host.withEventType("easter") { type in
      let definition = #"{"days": [0]}"#
      let exact = try await type.next([Self.request(definition, Self.start(2026, 4, 5, hour: 9), 1)])[0].get()
      #expect(exact.map(Self.date) == ["2026-04-05"])
      let over = try await type.next([Self.request(definition, Self.start(2026, 4, 5, hour: 10), 1)])[0].get()
      #expect(over.map(Self.date) == ["2027-03-28"])
      let last = try await type.next([Self.request(definition, Self.start(4097), 10)])[0].get()
      #expect(last.count == 3)
      let early = try await type.next([Self.request(definition, Self.start(1), 1)])[0].get()
      #expect(early.map(Self.date) == ["1583-04-10"])
    }
  }

  @Test("Its words are the day's name, or the definition's own; a definition that cannot be is refused")
  func words() async throws {
    try await Host.withEventType("easter") { type in
      func title(_ definition: String, _ month: UInt8, _ day: UInt8) async throws -> Message {
        let event = EventFacts(
          id: "evt", namespace: "default", type: "easter", scheduleID: "s", occurrenceKey: "k", timeZone: "UTC",
          user: nil, definitionJSON: definition, local: CivilFields(year: 2026, month: month, day: day, hour: 9),
          due: Timestamp(seconds: 0))
        return try await type.render([event])[0].get()
      }
      let friday = try await title(#"{"days": [-2]}"#, 4, 3)
      #expect(friday.title == "Good Friday" && friday.data == #"{"year":2026,"days":-2,"easter":"2026-04-05"}"#)
      #expect(try await title(#"{"days": [100]}"#, 7, 14).title == "100 days after Easter")
      #expect(try await title(#"{"days": [0], "title": "Choir \"all\""}"#, 4, 5).title == "Choir \"all\"")
      for (definition, pointer) in [
        (#"{"days": []}"#, "/days"), (#"{"days": [151]}"#, "/days/0"), (#"{"days": [0], "at": "24:00"}"#, "/at"),
        (#"{"days": [0], "calendar": "moon"}"#, "/calendar"),
      ] {
        let error = await #expect(throws: PluginHostError.self) {
          try await type.validate(definitionJSON: definition)
        }
        #expect(error?.violations.map(\.pointer) == [pointer])
      }
    }
  }

  @Test("Its own tests pass")
  func ownTests() async throws {
    let folder = try await Examples.built().folder.appendingPathComponent("easter")
    let finished = try await Command.run("/usr/bin/make", ["-s", "-C", folder.path, "check"])
    #expect(finished.status == 0 && finished.output.contains("test result: ok. 3 passed"), "\(finished.errors)")
  }
}
