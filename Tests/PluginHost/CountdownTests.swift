import EventModel
import Foundation
import Testing

@testable import PluginHost

/// The example in C, built as its author builds it: with the installed headers, pkg-config, and its own Makefile.
@Suite("The example countdown, in C")
struct CountdownTests {
  private static let script = """
    "$1/deploy/install-headers.sh" "$2/prefix"
    cp "$1"/Plugins/Examples/countdown/* "$2"
    export PKG_CONFIG_PATH="$2/prefix/lib/pkgconfig"
    make -s -C "$2"
    make -s -C "$2" install
    pkg-config --atleast-version=0.3 carillon-plugin
    printf '#include <carillon/carillon.h>\\n' |
      clang -std=c++17 -Wall -Wextra -Werror $(pkg-config --cflags carillon-plugin) -fsyntax-only -x c++ -
    """

  private static func withCountdown(_ body: (EventTypeInstance) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-euc", script, "bash", Sources.root.path, folder.url.path]
    #expect(try await process.exitStatus() == 0)
    let registry = try await Fixture.registry(
      folder, options: { $0.folders = [folder.url.appendingPathComponent("prefix/lib/carillon/plugins").path] })
    try await body(try #require(registry.eventType(named: "countdown"), "\(registry.problems)"))
    await registry.stop()
  }

  private static func request(_ definition: String, after: OccurrenceCursor, maximum: Int = 10) -> OccurrenceRequest {
    OccurrenceRequest(
      definitionJSON: definition, user: nil, timeZone: "Europe/Paris", after: after, maximum: maximum)
  }

  private static func start(_ civil: CivilFields) -> OccurrenceCursor {
    OccurrenceCursor(isStart: true, civil: civil, instant: Timestamp(seconds: 0), ordinal: 0, key: "")
  }

  private static let wedding =
    #"{"to": "2031-05-04", "title": "Our \"wedding\"", "days": [0, 7, 30, 1], "at": "08:30"}"#

  @Test("It rings so many days before, in order, and on the day itself; where it stands is where it goes on")
  func next() async throws {
    try await Self.withCountdown { type in
      let all = await type.next([Self.request(Self.wedding, after: Self.start(.init(year: 2031, month: 4, day: 1)))]
      )
      let found = try #require(all.first).get()
      #expect(found.map(\.key) == ["2031-05-04-30", "2031-05-04-7", "2031-05-04-1", "2031-05-04-0"])
      let days: [(UInt8, UInt8)] = [(4, 4), (4, 27), (5, 3), (5, 4)]
      #expect(
        found.map(\.when)
          == days.map { .civil(.init(year: 2031, month: $0.0, day: $0.1, hour: 8, minute: 30)) })
      let second = OccurrenceCursor(
        isStart: false, civil: .init(year: 2031, month: 4, day: 27, hour: 8, minute: 30),
        instant: Timestamp(seconds: 1), ordinal: 2, key: "2031-05-04-7")
      let rest = try await type.next([Self.request(Self.wedding, after: second, maximum: 1)])[0].get()
      #expect(rest.map(\.ordinal) == [3] && rest.map(\.key) == ["2031-05-04-1"])
      let exact = Self.start(.init(year: 2031, month: 5, day: 4, hour: 8, minute: 30))
      #expect(try await type.next([Self.request(Self.wedding, after: exact)])[0].get().count == 1)
      let over = Self.start(.init(year: 2031, month: 5, day: 4, hour: 8, minute: 31))
      #expect(try await type.next([Self.request(Self.wedding, after: over)])[0].get().isEmpty)
    }
  }

  @Test("Its calendar is the calendar: leap years, centuries, a hundred years back")
  func calendar() async throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    try await Self.withCountdown { type in
      for (year, month, day) in [(2100, 3, 1), (2000, 3, 1), (2028, 3, 1), (2027, 1, 1), (9999, 12, 31)] {
        let target = try #require(calendar.date(from: DateComponents(year: year, month: month, day: day)))
        for days in [1, 31, 365, 366, 1_461, 36_500] {
          let to = String(format: "%04d-%02d-%02d", year, month, day)
          let definition = #"{"to": "\#(to)", "title": "t", "days": [\#(days)]}"#
          let found = await type.next([
            Self.request(definition, after: Self.start(.init(year: 1, month: 1, day: 1)))
          ])
          let wanted = calendar.dateComponents(
            [.year, .month, .day], from: try #require(calendar.date(byAdding: .day, value: -days, to: target)))
          guard case .civil(let civil) = try found[0].get().first?.when else {
            Issue.record("nothing \(days) days before \(to)")
            continue
          }
          #expect(
            [Int(civil.year), Int(civil.month), Int(civil.day)]
              == [wanted.year, wanted.month, wanted.day].compactMap(\.self), "\(days) days before \(to)")
        }
      }
    }
  }

  @Test("A day that is none is refused with its place; its words count the days")
  func words() async throws {
    try await Self.withCountdown { type in
      try await type.validate(definitionJSON: Self.wedding)
      let none = await #expect(throws: PluginHostError.self) {
        try await type.validate(definitionJSON: #"{"to": "2031-02-29", "title": "t"}"#)
      }
      #expect(none?.violations.map(\.pointer) == ["/to"])
      let late = await #expect(throws: PluginHostError.self) {
        try await type.validate(definitionJSON: #"{"to": "2031-02-28", "title": "t", "at": "24:00"}"#)
      }
      #expect(late?.violations.map(\.pointer) == ["/at"])
      let events = [(4, 27), (5, 3), (5, 4)].map { month, day in
        EventFacts(
          id: "evt_\(day)", namespace: "default", type: "countdown", scheduleID: "s", occurrenceKey: "k",
          timeZone: "Europe/Paris", user: nil, definitionJSON: Self.wedding,
          local: CivilFields(year: 2031, month: UInt8(month), day: UInt8(day), hour: 8, minute: 30),
          due: Timestamp(seconds: 0))
      }
      let messages = try await type.render(events).map { try $0.get() }
      #expect(
        messages.map(\.title) == [
          "Our \"wedding\": in 7 days", "Our \"wedding\": tomorrow", "Our \"wedding\": today",
        ])
      #expect(messages[0].contentType == "application/json" && messages.map(\.data).first == #"{"days":7}"#)
    }
  }
}
