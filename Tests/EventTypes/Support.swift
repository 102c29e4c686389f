import BirthdayPlugin
import NotificationPlugin
import Occasions
import PluginKit0
import Testing

/// Local times as tests write them: `2026-05-04T09:00`.
func civil(_ text: String) throws -> Civil { try PluginTests.civil(text) }

func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

struct TestError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Cursor {
  static func start(_ text: String) throws -> Cursor {
    Cursor(isStart: true, civil: try PluginTests.civil(text), instantNanoseconds: 1_000)
  }

  static func after(_ text: String, key: String, ordinal: UInt64 = 1) throws -> Cursor {
    Cursor(
      isStart: false, civil: try PluginTests.civil(text), instantNanoseconds: 1_000, ordinal: ordinal, key: key)
  }
}

enum PluginTests {
  static func civil(_ text: String) throws -> Civil {
    guard case .civil(let civil)? = Moment(text) else { throw TestError("\(text) is no local time") }
    return civil
  }
}

/// An occurrence as tests compare it: `2026-05-04-7d @ 2026-04-27T09:00:00`.
func shown(_ occurrence: Occurrence) -> String {
  switch occurrence.when {
  case .civil(let civil): "\(occurrence.key) @ \(civil)"
  case .instant(let nanoseconds): "\(occurrence.key) @ \(nanoseconds)"
  }
}

extension EventTypePlugin {
  func occurrences(
    _ definition: JSONText, user: JSONText = "{}", after cursor: Cursor, max: Int = 1
  ) throws -> [Occurrence] {
    var given: [Occurrence] = []
    try next(NextRequest(max: max, definition: definition, user: user, timeZone: "Europe/London", after: cursor)) {
      given.append($0)
      return given.count < max ? .more : .enough
    }
    return given
  }

  func shownOccurrences(
    _ definition: JSONText, user: JSONText = "{}", after cursor: Cursor, max: Int = 1
  ) throws -> [String] {
    try occurrences(definition, user: user, after: cursor, max: max).map(shown)
  }

  /// The faults of a definition, as `pointer code`.
  func faults(_ definition: JSONText) -> [String] {
    do throws(PluginError) {
      try validate(definition)
      return []
    } catch {
      return error.violations.map { "\($0.pointer) \($0.code)" }
    }
  }
}

func event(
  key: String, definition: JSONText = "{}",
  user: JSONText = #"{"id":"ada","display_name":"Ada","time_zone":"Europe/London"}"#,
  local: String = "2026-05-04T09:00", templates: JSONText = ""
) throws -> Event {
  Event(
    id: "e1", type: "birthday", scheduleID: "s1", occurrenceKey: key, timeZone: "Europe/London", user: user,
    definition: definition, local: try civil(local), dueNanoseconds: 0, templates: templates)
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
