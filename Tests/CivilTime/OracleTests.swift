import CivilTime
import Foundation
import Testing

/// Every zone of a folder against Python's `zoneinfo` on the same files: zero differences.
@Suite("Oracle: Python's zoneinfo on the same folder")
struct OracleTests {
  static let shards = 2

  @Test("agrees on the system's zones: every transition 1970-2100, and random instants", arguments: 0..<shards)
  func systemFolder(shard: Int) throws {
    try compare(folder: TimeZoneDatabase.systemFolder, shard: shard)
  }

  @Test(
    "agrees on the same zones compiled slim, where the footer decides the present",
    .enabled(if: SlimFolder.canCompile, "needs zic and tzdata.zi"), arguments: 0..<shards)
  func slimFolder(shard: Int) throws {
    // RFC 9636 section 3.3 wants the footer to agree with the last transition. zic before 2022g compiles this zone slim
    // with one that disagrees until 2022-11-06, and there zoneinfo follows the footer; here the transition counts,
    // as in the full file (see "a repackaged file is not a changed zone").
    try compare(folder: SlimFolder.shared.get(), shard: shard, except: ["America/Ojinaga"])
  }

  private func compare(folder: String, shard: Int, except: Set<String> = []) throws {
    let seed = UInt32.random(in: 0 ... .max)
    let database = try TimeZoneDatabase(folder: folder)
    let names = try database.knownNames()
    let expected = stride(from: shard, to: names.count, by: Self.shards).map { names[$0] }
    var stream = OracleStream(try OracleStream.run(folder: folder, shard: shard, shards: Self.shards, seed: seed))
    var seen: [String] = []
    var tally = Tally()
    while let name = try stream.name() {
      seen.append(name)
      let before = tally.differences
      try check(try database.zone(named: name), &stream, &tally)
      if except.contains(name) { tally.differences = before }
    }
    #expect(seen == expected)
    #expect(tally.differences.isEmpty, "seed \(seed): \(tally.differences.prefix(20).joined(separator: "\n"))")
    #expect(tally.transitions > 10_000)
    #expect(tally.instants > 100 * seen.count)
    #expect(tally.locals > 100 * seen.count)
  }

  private func check(_ zone: ZoneRules, _ stream: inout OracleStream, _ tally: inout Tally) throws {
    let changes = try stream.changes()
    tally.transitions += changes.count
    let own = try ownChanges(zone)
    if own != changes {
      tally.add(
        "\(zone.name): changes only here \(Set(own).subtracting(changes).sorted().prefix(5)), "
          + "only there \(Set(changes).subtracting(own).sorted().prefix(5))")
    }
    for _ in 0..<(try stream.count()) {
      tally.instants += 1
      let expected = try stream.instant()
      let reading = try zone.civil(at: UnixTime(seconds: expected.unixSeconds))
      if !expected.agrees(with: reading) {
        tally.add("\(zone.name) at \(expected.unixSeconds): \(reading) but \(expected)")
      }
      if !leadsBack(zone, reading, to: expected.unixSeconds) {
        tally.add("\(zone.name): \(reading.civil) \(reading.fold) does not lead back to \(expected.unixSeconds)")
      }
    }
    for _ in 0..<(try stream.count()) {
      tally.locals += 1
      let expected = try stream.local()
      let civil = try utcReading(expected.localSeconds)
      let mapping = zone.mapping(of: civil)
      if !expected.agrees(with: mapping) { tally.add("\(zone.name) \(civil): \(mapping) but \(expected)") }
    }
  }

  /// A local time comes from its offset alone, so that this also checks the civil fields.
  private func leadsBack(_ zone: ZoneRules, _ reading: LocalReading, to unixSeconds: Int64) -> Bool {
    let policy: FoldPolicy = reading.fold == .first ? .first : .second
    return zone.instant(of: reading.civil, gap: .skip, fold: policy).first?.seconds == unixSeconds
  }

  private func ownChanges(_ zone: ZoneRules) throws -> [Int64] {
    let last = Int64(try CivilDate(year: 2100, month: 12, day: 31).daysSinceEpoch * 86_400)
    var changes: [Int64] = []
    var time = try UnixTime(seconds: -1)
    while let next = zone.nextTransition(after: time), next.unixSeconds <= last {
      changes.append(next.unixSeconds)
      time = try UnixTime(seconds: next.unixSeconds)
    }
    return changes
  }

  private func utcReading(_ seconds: Int64) throws -> CivilDateTime {
    let day = Int((Double(seconds) / 86_400).rounded(.down))
    let second = Int(seconds) - day * 86_400
    return CivilDateTime(
      try CivilDate(daysSinceEpoch: day),
      try CivilTimeOfDay(hour: second / 3600, minute: second / 60 % 60, second: second % 60))
  }

  private struct Tally {
    var transitions = 0
    var instants = 0
    var locals = 0
    var differences: [String] = []

    mutating func add(_ difference: String) { if differences.count < 1000 { differences.append(difference) } }
  }
}
