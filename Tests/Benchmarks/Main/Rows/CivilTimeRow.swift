import AgentHarness
import CivilTime
import Foundation

/// `civil-time`: local → instant, random zones and times of 2020 to 2040.
@Sendable func civilTime() async throws -> Row {
  let samples = try CivilSamples(count: 200_000)
  let ours = median((0..<5).map { _ in samples.nanosecondsWithCivilTime() })
  let calendar = try samples.nanosecondsWithCalendar(first: 20_000)
  return Row(
    id: "civil-time", what: "local time to instant, every zone at random, 2020 to 2040", value: ours, unit: "ns",
    beside: .init(name: "Foundation Calendar, ns", value: calendar), ratio: ours / calendar, target: "<= 200 ns",
    met: ours <= 200, details: ["zones": Double(samples.zoneCount)])
}

private struct CivilSamples {
  private let zones: [(name: String, rules: ZoneRules)]
  private let picks: [(zone: Int, local: CivilDateTime)]

  var zoneCount: Int { zones.count }

  init(count: Int) throws {
    let database = try TimeZoneDatabase()
    let zones = try database.knownNames().map { ($0, try database.zone(named: $0)) }
    guard zones.count > 100 else { throw HarnessError(.notMeasured, "there are only \(zones.count) zones") }
    let firstDay = try CivilDate(year: 2020, month: 1, day: 1)
    let days = firstDay.days(to: try CivilDate(year: 2041, month: 1, day: 1))
    var generator = SplitMix(state: 20_200_101)
    var picks: [(Int, CivilDateTime)] = []
    for _ in 0..<count {
      let date = try firstDay.adding(days: Int.random(in: 0..<days, using: &generator))
      let time = try CivilTimeOfDay(
        hour: .random(in: 0..<24, using: &generator), minute: .random(in: 0..<60, using: &generator),
        second: .random(in: 0..<60, using: &generator))
      picks.append((.random(in: zones.indices, using: &generator), CivilDateTime(date, time)))
    }
    self.zones = zones
    self.picks = picks
  }

  func nanosecondsWithCivilTime() -> Double {
    var sum: Int64 = 0
    let elapsed = ContinuousClock().measure {
      for pick in picks {
        sum &+= zones[pick.zone].rules.instant(of: pick.local).first?.seconds ?? 0
      }
    }
    blackHole(sum)
    return seconds(elapsed) * 1e9 / Double(picks.count)
  }

  /// A calendar for each zone is made beforehand, as ours are.
  func nanosecondsWithCalendar(first count: Int) throws -> Double {
    let calendars = zones.map { zone in
      var calendar = Calendar(identifier: .gregorian)
      if let timeZone = TimeZone(identifier: zone.name) { calendar.timeZone = timeZone }
      return calendar
    }
    let components = picks.prefix(count).map { pick in
      DateComponents(
        year: pick.local.date.year, month: pick.local.date.month, day: pick.local.date.day, hour: pick.local.time.hour,
        minute: pick.local.time.minute, second: pick.local.time.second)
    }
    var sum = 0.0
    let elapsed = ContinuousClock().measure {
      for (pick, parts) in zip(picks, components) {
        sum += calendars[pick.zone].date(from: parts)?.timeIntervalSince1970 ?? 0
      }
    }
    blackHole(sum)
    return seconds(elapsed) * 1e9 / Double(components.count)
  }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Keeps a result alive, so that the optimiser does not remove what made it.
@inline(never)
func blackHole<Value>(_ value: Value) {
  withExtendedLifetime(value) {}
}
