import AgentHarness
import Foundation

/// Where the people of the day live: a quarter in New York, a fifth in London, a tenth in Tokyo, and the rest all over the
/// world.
struct DayZones: Sendable {
  /// A zone, and what its clocks show on the day.
  struct Zone: Sendable {
    let name: String
    private let day: Rehearsal
    private let calendar: Calendar
    /// Local time less UTC in seconds, where it stays the same all day; asking the calendar a million times takes minutes.
    private let offset: Int64?

    fileprivate init(_ name: String, _ day: Rehearsal) throws(HarnessError) {
      guard let zone = TimeZone(identifier: name) else {
        throw HarnessError(.missing, "Foundation has no time zone \(name)")
      }
      let start = Date(timeIntervalSince1970: Double(day.from))
      let change = zone.nextDaylightSavingTimeTransition(after: start)
      let isSteady = change.map { $0.timeIntervalSince(start) > 2 * 86_400 } ?? true
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = zone
      (self.name, self.day, self.calendar) = (name, day, calendar)
      offset = isSteady ? Int64(zone.secondsFromGMT(for: start)) : nil
    }

    /// When the clocks show a time of day first since the day began, in seconds since 1970.
    func first(_ secondOfDay: Int) -> Int64? {
      guard let offset else { return next(secondOfDay, from: day.from) }
      let shown = ((day.from + offset) % 86_400 + 86_400) % 86_400
      return day.from + (Int64(secondOfDay) - shown + 86_400) % 86_400
    }

    /// On which dates (`11-22`) they show it within the day.
    func dates(_ secondOfDay: Int) -> [String] {
      var dates: [String] = []
      var at = next(secondOfDay, from: day.from)
      while let found = at, found < day.from + day.length {
        dates.append(String(date(at: found).suffix("11-22".count)))
        at = next(secondOfDay, from: found + 1)
      }
      return dates
    }

    /// The date that they show when the day begins: `2026-11-22`.
    var firstDate: String { date(at: day.from) }

    private func next(_ secondOfDay: Int, from start: Int64) -> Int64? {
      calendar.nextDate(
        after: Date(timeIntervalSince1970: Double(start) - 1),
        matching: DateComponents(
          hour: secondOfDay / 3_600, minute: secondOfDay / 60 % 60, second: secondOfDay % 60), matchingPolicy: .nextTime
      ).map { Int64($0.timeIntervalSince1970) }
    }

    private func date(at instant: Int64) -> String {
      let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(instant)))
      return "\(parts.year ?? 0)-\(DayZones.text(parts.month ?? 0, parts.day ?? 0))"
    }
  }

  private static let weighted = [("America/New_York", 25), ("Europe/London", 20), ("Asia/Tokyo", 10)]
  private static let others = [
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/Toronto", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "America/Bogota", "America/Mexico_City", "Europe/Paris", "Europe/Berlin",
    "Europe/Madrid", "Europe/Rome", "Europe/Warsaw", "Europe/Kyiv", "Europe/Istanbul", "Africa/Cairo", "Africa/Lagos",
    "Africa/Nairobi", "Africa/Johannesburg", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Manila", "Asia/Seoul", "Australia/Perth",
    "Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland", "Pacific/Honolulu", "America/St_Johns",
  ]

  /// Every one of them.
  let all: [Zone]

  init(_ day: Rehearsal) throws(HarnessError) {
    var all: [Zone] = []
    for name in Self.weighted.map(\.0) + Self.others { all.append(try Zone(name, day)) }
    self.all = all
  }

  /// The zone of somebody, as an index of `all`.
  func index(_ dice: Dice) -> Int {
    var left = dice.number(below: 100)
    for (index, zone) in Self.weighted.enumerated() {
      if left < zone.1 { return index }
      left -= zone.1
    }
    return Self.weighted.count + dice.again.number(below: Self.others.count)
  }

  static func text(_ month: Int, _ day: Int) -> String {
    [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
  }
}

/// Numbers that look drawn and are the same in each run (SplitMix64).
struct Dice: Sendable {
  private let state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

  private init(state: UInt64) { self.state = state }

  /// The next of the same row.
  var again: Dice { Dice(state: state &+ 0x9E37_79B9_7F4A_7C15) }

  func number(below bound: Int) -> Int {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
