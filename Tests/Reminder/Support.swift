import CivilTime
import Foundation
import PluginKit0
import Recurrence
import ReminderPlugin
import Testing

struct TestError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A host with the system's time zones, as the agent's is.
struct ZoneHost: HostServices {
  static let shared = ZoneHost()
  private let database = try? TimeZoneDatabase()

  static func host() -> PluginKit0.Host { PluginKit0.Host(instanceName: "test", services: shared) }

  func isLogged(_ level: LogLevel) -> Bool { false }
  func log(_ level: LogLevel, instance: String, message: String) {}
  func complete(_ completions: [Completion]) -> CompletionAnswer { .taken }
  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret {
    throw PluginError(.denied, "no secrets here")
  }

  private func rules(_ zone: String) throws(PluginError) -> ZoneRules {
    guard let rules = try? database?.zone(named: zone) else { throw PluginError(.notFound, "no zone \(zone)") }
    return rules
  }

  func instant(
    of civil: Civil, in timeZone: String, gap: PluginKit0.GapPolicy, fold: PluginKit0.FoldPolicy
  ) throws(PluginError) -> Int64 {
    let rules = try rules(timeZone)
    guard let date = try? CivilTime.CivilDate(year: civil.date.year, month: civil.date.month, day: civil.date.day),
      let time = try? CivilTime.CivilTimeOfDay(
        hour: civil.time.hour, minute: civil.time.minute, second: civil.time.second)
    else { throw PluginError(.invalid, "no date") }
    let policy: CivilTime.GapPolicy =
      switch gap {
      case .shiftForward: .shiftForward
      case .before: .before
      case .skip: .skip
      }
    let resolution = rules.instant(of: CivilDateTime(date, time), gap: policy, fold: fold == .first ? .first : .second)
    guard let found = resolution.instants.first else { throw PluginError(.notFound, "in a gap") }
    return found.seconds * 1_000_000_000
  }

  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    let seconds = Int64((Double(instant) / 1e9).rounded(.down))
    guard let time = try? UnixTime(seconds: seconds), let reading = try? rules(timeZone).civil(at: time) else {
      throw PluginError(.notFound, "no zone \(timeZone)")
    }
    let (date, clock) = (reading.civil.date, reading.civil.time)
    guard let day = PluginKit0.CivilDate(year: date.year, month: date.month, day: date.day),
      let time = PluginKit0.CivilTimeOfDay(hour: clock.hour, minute: clock.minute, second: clock.second)
    else { throw PluginError(.invalid, "no date") }
    return Civil(day, time, fold: reading.fold == .second ? 1 : 0)
  }
}

/// A reminder's definition, and a zone to run it in.
struct Series {
  var definition: JSONObject
  var zone: String
  private static let reminder = Reminder(host: ZoneHost.host())

  init(_ members: [(String, JSONValue)], zone: String = "UTC") {
    definition = JSONObject()
    definition["title"] = "x"
    for (name, value) in members { definition[name] = value }
    self.zone = zone
  }

  init(_ repetition: String? = nil, start: String? = nil, zone: String = "UTC") {
    self.init([], zone: zone)
    if let repetition { definition["repeat"] = .string(repetition) }
    if let start { definition["start"] = .string(start) }
  }

  func with(_ name: String, _ value: JSONValue) -> Series {
    var copy = self
    copy.definition[name] = value
    return copy
  }

  /// Where a series begins that starts at a local time, or at an instant with Z behind it.
  func cursor(from text: String) throws -> Cursor {
    switch SeriesTime(text) {
    case .local(let local):
      guard let civil = local.civil else { break }
      let instant = try ZoneHost.shared.instant(of: civil, in: zone, gap: .shiftForward, fold: .first)
      return Cursor(isStart: true, civil: civil, instantNanoseconds: instant)
    case .utc(let seconds):
      let instant = Int64(seconds) * 1_000_000_000
      return Cursor(
        isStart: true, civil: try ZoneHost.shared.civil(atNanoseconds: instant, in: zone), instantNanoseconds: instant)
    default: break
    }
    throw TestError("\(text) is no place to begin")
  }

  /// The cursor after an occurrence, as the host makes it.
  func cursor(after occurrence: Occurrence) throws -> Cursor {
    switch occurrence.when {
    case .civil(let civil):
      let instant = try ZoneHost.shared.instant(of: civil, in: zone, gap: .shiftForward, fold: .first)
      return Cursor(
        isStart: false, civil: civil, instantNanoseconds: instant, ordinal: occurrence.ordinal, key: occurrence.key)
    case .instant(let instant):
      return Cursor(
        isStart: false, civil: try ZoneHost.shared.civil(atNanoseconds: instant, in: zone),
        instantNanoseconds: instant, ordinal: occurrence.ordinal, key: occurrence.key)
    }
  }

  func occurrences(after cursor: Cursor, max: Int, _ steps: inout Steps) throws -> [Occurrence] {
    var given: [Occurrence] = []
    let request = NextRequest(
      max: max, definition: JSONText(JSONValue.object(definition).serialized()), timeZone: zone, after: cursor)
    try Self.reminder.next(request, &steps) {
      given.append($0)
      return given.count < max ? .more : .enough
    }
    return given
  }

  func occurrences(from text: String = "1971-01-01T00:00", max: Int = 25) throws -> [Occurrence] {
    var steps = Steps()
    return try occurrences(after: cursor(from: text), max: max, &steps)
  }

  /// Keys of the occurrences.
  func keys(from text: String = "1971-01-01T00:00", max: Int = 25) throws -> [String] {
    try occurrences(from: text, max: max).map(\.key)
  }

  /// When the events are: local times, and instants with Z behind them.
  func times(from text: String = "1971-01-01T00:00", max: Int = 25) throws -> [String] {
    try occurrences(from: text, max: max).map(\.shown)
  }

  /// The faults of the definition, as `pointer code`.
  var faults: [String] {
    Self.violations(JSONText(JSONValue.object(definition).serialized())).map { "\($0.pointer) \($0.code)" }
  }

  static func violations(_ definition: JSONText) -> [PluginError.Violation] {
    do throws(PluginError) {
      try reminder.validate(definition)
      return []
    } catch {
      return error.violations
    }
  }
}

extension Occurrence {
  /// When it is, as the oracle writes it.
  var shown: String {
    switch when {
    case .civil(let civil): civil.description
    case .instant(let nanoseconds):
      (LocalTime(seconds: Int(nanoseconds / 1_000_000_000)).civil?.description ?? "?") + "Z"
    }
  }
}

/// One line of `oracle.py`.
struct OracleCase: Decodable, Sendable {
  var kind: String?
  var zone: String?
  var `repeat`: String
  var start: String?
  var after: String
  var until: String?
  var expected: [String]
  var libical: [String]?

  /// How many the oracle gives at most.
  static let length = 25
  /// The year beyond which the oracle asks nothing.
  static let horizon = "2061"
}

enum Oracle {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  static let isSoak = ProcessInfo.processInfo.environment["CARILLON_SOAK"].map { !$0.isEmpty } ?? false

  private static var python: String {
    if let named = ProcessInfo.processInfo.environment["CARILLON_PYTHON"] { return named }
    let own = folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
  }

  /// Runs the oracle to its end.
  static func cases(_ arguments: [String]) throws -> [OracleCase] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python)
    process.arguments = [folder.appending(path: "oracle.py").path] + arguments
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw TestError("oracle.py \(arguments) failed") }
    return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(OracleCase.self, from: $0) }
  }
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
