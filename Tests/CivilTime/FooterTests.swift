import CivilTime
import Testing

/// The rule in a file's footer, seen through a zone that has nothing else (RFC 9636 section 3.3: without transitions,
/// the footer applies to all times).
@Suite("POSIX footer")
struct FooterTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let footer: String
    /// Local times of clear status and what applies: seconds east of UTC, abbreviation.
    let expected: [(local: String, offset: Int, name: String)]
    var testDescription: String { footer }
  }

  static let rows = [
    Row(footer: "UTC0", expected: [("2026-07-01T00:00", 0, "UTC"), ("-9999-07-01T00:00", 0, "UTC")]),
    Row(footer: "<+03>-3", expected: [("9999-12-31T23:59:59", 10_800, "+03")]),
    Row(footer: "<-0930>+9:30", expected: [("2500-01-01T00:00", -34_200, "-0930")]),
    Row(footer: "XXX-24:00:00", expected: [("2026-01-01T00:00", 86_400, "XXX")]),
    Row(
      footer: "CET-1CEST,M3.5.0,M10.5.0/3",
      expected: [
        ("2026-03-29T01:59:59", 3600, "CET"), ("2026-03-29T03:00", 7200, "CEST"), ("2026-10-25T01:59:59", 7200, "CEST"),
        ("2026-10-25T03:00", 3600, "CET"), ("1600-07-01T00:00", 7200, "CEST"), ("9000-07-01T00:00", 7200, "CEST"),
      ]),
    Row(
      footer: "AAA3BBB,J60/0,J300/0",
      expected: [
        // J60 is 1 March in every year.
        ("2024-02-29T23:59:59", -10_800, "AAA"), ("2024-03-01T01:00", -7200, "BBB"),
        ("2025-02-28T23:59:59", -10_800, "AAA"), ("2025-03-01T01:00", -7200, "BBB"),
      ]),
    Row(
      footer: "AAA3BBB2:30,59/0,300/0",
      expected: [
        // Day 59, from 0: 29 February in a leap year, 1 March in another.
        ("2024-02-28T23:59:59", -10_800, "AAA"), ("2024-02-29T00:30", -9000, "BBB"),
        ("2025-02-28T23:59:59", -10_800, "AAA"), ("2025-03-01T00:30", -9000, "BBB"),
      ]),
    // Hours beyond a day (RFC 9636 section 3.3.1): Friday 02:00, written as Thursday 26:00.
    Row(
      footer: "IST-2IDT,M3.4.4/26,M10.5.0",
      expected: [("2026-03-27T01:59:59", 7200, "IST"), ("2026-03-27T03:00", 10_800, "IDT")]),
    Row(
      footer: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
      expected: [("2026-03-28T22:59:59", -7200, "-02"), ("2026-03-29T00:00", -3600, "-01")]),
    Row(
      footer: "AAA0BBB,M1.1.0/-167,M7.1.0/167",
      expected: [("2025-12-28T00:59:59", 0, "AAA"), ("2025-12-28T02:00", 3600, "BBB"), ("2026-07-11T23:00", 0, "AAA")]),
    // Summer over the new year.
    Row(
      footer: "AEST-10AEDT,M10.1.0,M4.1.0/3",
      expected: [("2026-01-01T00:00", 39_600, "AEDT"), ("2026-07-01T00:00", 36_000, "AEST")]),
    // Negative daylight-saving time, in winter.
    Row(
      footer: "IST-1GMT0,M10.5.0,M3.5.0/1",
      expected: [("2026-01-01T00:00", 0, "GMT"), ("2026-07-01T00:00", 3600, "IST")]),
    // Daylight-saving time all year (RFC 9636 section 3.3.1).
    Row(
      footer: "XXX3EDT4,0/0,J365/23",
      expected: [
        ("2023-12-31T23:59:59", -14_400, "EDT"), ("2024-01-01T00:00", -14_400, "EDT"),
        ("2024-12-31T23:30", -14_400, "EDT"), ("2026-07-01T00:00", -14_400, "EDT"),
      ]),
  ]

  @Test("rules say what POSIX and RFC 9636 mean by them", arguments: rows)
  func meaning(_ row: Row) throws {
    let zone = try zone(row.footer)
    for (text, offset, name) in row.expected {
      let civil = try local(text)
      #expect(zone.mapping(of: civil) == .unique(offsetSeconds: offset), "\(text)")
      let instant = try #require(zone.instant(of: civil).first)
      #expect(try zone.civil(at: instant).abbreviation == name, "\(text)")
    }
  }

  @Test(
    "text that is no rule is refused",
    arguments: [
      "U", "UT0", "UTC", "UTC25", "UTC24:00:01", "UTC0:60", "UTC0 ", "<+03-3", "<>0", "<+0>0", "UTC0X", "CET-1CEST",
      "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0",
      "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0,",
      "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0/-168,M10.5.0", "CET-1CEST,M3.5.0/167:00:01,M10.5.0",
      "CET-1CEST,J0,J300", "CET-1CEST,J366,J300", "CET-1CEST,366,300", "CET-1CEST,M3.5,M10.5.0",
      "CET-99999999999999999999", ":Europe/Berlin", "C\u{E9}T-1", String(repeating: "A", count: 300) + "0",
    ])
  func refused(_ footer: String) {
    #expect(errorCode { try zone(footer) } == .malformedFooter)
  }

  @Test("a footer that does not know the last transition's setting is refused")
  func contradiction() throws {
    let types: [(Int32, Bool, String)] = [(0, false, "GMT"), (3600, false, "CET")]
    func zone(_ footer: String) throws -> ZoneRules {
      try ZoneRules(name: "Test/Zone", tzif: zoneFile(transitions: [(0, 1)], types: types, footer: footer))
    }
    #expect(try zone("CET-1").nextTransition(after: UnixTime(seconds: 0)) == nil)
    for footer in ["CET-2", "CEX-1", "GMT0", "AAA-1CET,M3.5.0,M10.5.0/3"] {
      #expect(errorCode { try zone(footer) } == .malformedFooter, "\(footer)")
    }
  }

  @Test("an empty footer leaves the last transition's setting in force")
  func emptyFooter() throws {
    let zone = try ZoneRules(
      name: "Test/Zone",
      tzif: zoneFile(transitions: [(0, 1)], types: [(0, false, "AAA"), (3600, false, "BBB")], footer: ""))
    #expect(zone.mapping(of: try local("9999-01-01T00:00")) == .unique(offsetSeconds: 3600))
  }

  @Test("the far future repeats every 400 years")
  func cycle() throws {
    let zone = try system("America/New_York")
    for text in ["2024-03-10T02:30", "2024-11-03T01:30", "2024-07-01T12:00", "2024-12-31T23:59:59"] {
      let near = try local(text)
      for cycles in [1, 2, 19] {
        let far = try near.adding(days: cycles * 146_097)
        let shift = Int64(cycles * 146_097 * 86_400)
        #expect(
          zone.instant(of: far, fold: .both).instants.map(\.seconds)
            == zone.instant(of: near, fold: .both).instants.map { $0.seconds + shift })
        if case .skipped(let gap) = zone.instant(of: near, gap: .skip) {
          guard case .skipped(let farGap) = zone.instant(of: far, gap: .skip) else {
            Issue.record("no gap in \(far)")
            continue
          }
          #expect(farGap.unixSeconds == gap.unixSeconds + shift)
        }
      }
    }
  }

  private func zone(_ footer: String) throws -> ZoneRules {
    // The type is not used: there is no transition.
    try ZoneRules(name: "Test/Zone", tzif: zoneFile(types: [(0, false, "UTC")], footer: footer))
  }
}
