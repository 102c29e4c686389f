import CivilTime
import Testing

@Suite("Local time to instant: gaps and folds")
struct ResolutionTests {
  struct GapCase: Sendable, CustomTestStringConvertible {
    let zone: String
    let local: String
    /// The local times that the clocks show at the instants taken.
    let shiftForward: String
    let before: String
    var testDescription: String { "\(zone) \(local)" }
  }

  static let gaps = [
    GapCase(
      zone: "America/New_York", local: "2026-03-08T02:30", shiftForward: "2026-03-08T03:30:00",
      before: "2026-03-08T01:59:59"),
    GapCase(
      zone: "America/New_York", local: "2026-03-08T02:00", shiftForward: "2026-03-08T03:00:00",
      before: "2026-03-08T01:59:59"),
    GapCase(
      zone: "Europe/Lisbon", local: "2099-03-29T01:59:59", shiftForward: "2099-03-29T02:59:59",
      before: "2099-03-29T00:59:59"),
    GapCase(
      zone: "Australia/Lord_Howe", local: "2026-10-04T02:15", shiftForward: "2026-10-04T02:45:00",
      before: "2026-10-04T01:59:59"),
    // A whole day that never was.
    GapCase(
      zone: "Pacific/Apia", local: "2011-12-30T09:00", shiftForward: "2011-12-31T09:00:00",
      before: "2011-12-29T23:59:59"),
    // The gap begins at midnight, so that the day begins at 01:00.
    GapCase(
      zone: "America/Sao_Paulo", local: "2018-11-04T00:00", shiftForward: "2018-11-04T01:00:00",
      before: "2018-11-03T23:59:59"),
    // 44 minutes and 30 seconds.
    GapCase(
      zone: "Africa/Monrovia", local: "1972-01-07T00:30", shiftForward: "1972-01-07T01:14:30",
      before: "1972-01-06T23:59:59"),
    GapCase(
      zone: "Africa/Casablanca", local: "2026-03-22T02:30", shiftForward: "2026-03-22T03:30:00",
      before: "2026-03-22T01:59:59"),
  ]

  @Test("a local time that the clocks skip follows the gap policy", arguments: gaps)
  func gap(_ row: GapCase) throws {
    let zone = try system(row.zone)
    let civil = try local(row.local)
    #expect(try shown(zone, zone.instant(of: civil)) == [row.shiftForward])
    #expect(try shown(zone, zone.instant(of: civil, gap: .shiftForward, fold: .second)) == [row.shiftForward])
    #expect(try shown(zone, zone.instant(of: civil, gap: .before)) == [row.before])
    guard case .skipped(let transition) = zone.instant(of: civil, gap: .skip) else {
      Issue.record("not skipped")
      return
    }
    #expect(transition.offsetSecondsAfter > transition.offsetSecondsBefore)
    #expect(zone.instant(of: civil, gap: .skip).instants.isEmpty)
    guard case .shifted(let instant, let over) = zone.instant(of: civil, gap: .before) else {
      Issue.record("not shifted")
      return
    }
    #expect(over == transition)
    #expect(instant.seconds == transition.unixSeconds - 1)
  }

  struct FoldCase: Sendable, CustomTestStringConvertible {
    let zone: String
    let local: String
    let first: Int
    let second: Int
    var testDescription: String { "\(zone) \(local)" }
  }

  static let folds = [
    FoldCase(zone: "America/New_York", local: "2026-11-01T01:30", first: -14_400, second: -18_000),
    FoldCase(zone: "Australia/Lord_Howe", local: "2026-04-05T01:45", first: 39_600, second: 37_800),
    // Daylight-saving time is the winter's, and negative; clocks still go back in autumn.
    FoldCase(zone: "Europe/Dublin", local: "2026-10-25T01:30", first: 3600, second: 0),
    FoldCase(zone: "Europe/Dublin", local: "2399-10-31T01:30", first: 3600, second: 0),
    FoldCase(zone: "Africa/Casablanca", local: "2026-02-15T02:30", first: 3600, second: 0),
    // A whole day twice: Alaska changed sides of the date line.
    FoldCase(zone: "America/Juneau", local: "1867-10-18T16:00", first: 54_139, second: -32_261),
  ]

  @Test("a local time that the clocks show twice follows the fold policy", arguments: folds)
  func fold(_ row: FoldCase) throws {
    let zone = try system(row.zone)
    let civil = try local(row.local)
    let resolution = zone.instant(of: civil, fold: .both)
    guard case .both(let first, let second) = resolution else {
      Issue.record("not both: \(resolution)")
      return
    }
    #expect(first < second)
    #expect(zone.instant(of: civil) == .fold(first, .first))
    #expect(zone.instant(of: civil, gap: .skip, fold: .second) == .fold(second, .second))
    for (instant, offset, fold) in [(first, row.first, Fold.first), (second, row.second, .second)] {
      let reading = try zone.civil(at: instant)
      #expect(reading.civil == civil)
      #expect(reading.offsetSeconds == offset)
      #expect(reading.fold == fold)
    }
  }

  @Test("a part of a second is kept, but not by the policy before, which takes the last whole second")
  func partOfSecond() throws {
    let zone = try system("Europe/Berlin")
    let unique = zone.instant(of: try local("2026-07-01T12:00:00.123456789"))
    #expect(unique == .unique(try UnixTime(seconds: 1_782_900_000, nanosecond: 123_456_789)))
    #expect(unique.first?.microseconds == 1_782_900_000_123_456)
    let gap = try local("2026-03-29T02:30:00.5")
    #expect(zone.instant(of: gap).first?.nanosecond == 500_000_000)
    #expect(zone.instant(of: gap, gap: .before).first?.nanosecond == 0)
  }

  @Test("negative daylight-saving time is reported as the zone has it")
  func negativeDaylightSaving() throws {
    let zone = try system("Europe/Dublin")
    let winter = try zone.civil(at: UnixTime(seconds: 1_768_478_400))
    #expect(winter.isDaylightSaving)
    #expect(winter.abbreviation == "GMT")
    let summer = try zone.civil(at: UnixTime(seconds: 1_784_116_800))
    #expect(!summer.isDaylightSaving)
    #expect(summer.abbreviation == "IST")
  }

  @Test("every instant of the supported years reads, or says that its year is out of range")
  func extremes() throws {
    let zone = try system("America/New_York")
    for civil in [CivilDateTime(.earliest, .midnight), CivilDateTime(.latest, .midnight)] {
      let instant = try #require(zone.instant(of: civil).first)
      #expect(try zone.civil(at: instant).civil == civil)
    }
    for seconds in [UnixTime.secondsRange.lowerBound, UnixTime.secondsRange.upperBound] {
      let instant = try UnixTime(seconds: seconds)
      #expect(errorCode { try zone.civil(at: instant) } == .outOfRange)
      #expect(try UnixTime(microseconds: instant.microseconds) == instant)
    }
    for seconds in [Int64.min, UnixTime.secondsRange.lowerBound - 1, UnixTime.secondsRange.upperBound + 1, .max] {
      #expect(errorCode { try UnixTime(seconds: seconds) } == .outOfRange)
    }
    #expect(errorCode { try UnixTime(microseconds: .min) } == .outOfRange)
    #expect(try UnixTime(microseconds: -1) == UnixTime(seconds: -1, nanosecond: 999_999_000))
  }

  @Test("two transitions within the reach of each other's change still name the right instants")
  func crowdedTransitions() throws {
    // +0, an hour later +3, half an hour later +1: 01:00-04:00 skipped, then 03:30-... shown as 01:30-...
    let bytes = zoneFile(
      transitions: [(3600, 1), (5400, 2)],
      types: [(0, false, "AAA"), (10_800, false, "BBB"), (3600, false, "CCC")], footer: "CCC-1")
    let zone = try ZoneRules(name: "Test/Crowded", tzif: bytes)
    #expect(zone.mapping(of: try local("1970-01-01T00:59:59")) == .unique(offsetSeconds: 0))
    guard case .gap(let gap) = zone.mapping(of: try local("1970-01-01T01:15")) else {
      Issue.record("01:15 is skipped")
      return
    }
    #expect(gap.unixSeconds == 3600)
    #expect(zone.mapping(of: try local("1970-01-01T03:30")) == .unique(offsetSeconds: 3600))
    #expect(
      zone.mapping(of: try local("1970-01-01T04:15")) == .fold(firstOffsetSeconds: 10_800, secondOffsetSeconds: 3600))
    #expect(zone.mapping(of: try local("1970-01-01T04:30")) == .unique(offsetSeconds: 3600))
  }

  private func shown(_ zone: ZoneRules, _ resolution: Resolution) throws -> [String] {
    try resolution.instants.map { try zone.civil(at: $0).civil.description }
  }
}
