import PluginKit0
import Recurrence
import Testing

/// Clocks that change. In 2026 Berlin leaps from 02:00 to 03:00 on 29 March and goes back from 03:00 to 02:00 on
/// 25 October.
@Suite struct ZoneTests {
  @Test func intervalsAndStarsGoByTheClockAsItRuns() throws {
    let cases = try Oracle.cases(["zones", "1", "160"])
    #expect(cases.count > 100)
    for kind in ["wall", "stepped"] { #expect(cases.count { $0.kind == kind } > 40, "\(kind)") }
    for item in cases {
      let series = Series(item.repeat, start: item.start, zone: item.zone ?? "")
      #expect(
        try series.times(from: item.after, max: item.expected.count) == item.expected,
        "\(item.repeat) in \(item.zone ?? "") from \(item.after)")
    }
  }

  @Test func aDailyTimeInAGapIsLeftToTheHost() throws {
    let series = Series("FREQ=DAILY", start: "2026-03-28T02:30", zone: "Europe/Berlin")
    #expect(
      try series.times(from: "2026-03-28T00:00", max: 3)
        == ["2026-03-28T02:30:00", "2026-03-29T02:30:00", "2026-03-30T02:30:00"])
  }

  @Test(arguments: ["FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", "cron(0,30 2,3 * * *)"])
  func aTimeInAGapGivesWayToOneThatIsThere(rule: String) throws {
    let series = Series(rule, start: "2026-03-28T03:30", zone: "Europe/Berlin")
    #expect(
      try series.times(from: "2026-03-28T03:30", max: 4)
        == ["2026-03-28T03:30:00", "2026-03-29T03:00:00", "2026-03-29T03:30:00", "2026-03-30T02:00:00"])
    // With only times in the gap, none gives way.
    #expect(
      try Series("FREQ=DAILY;BYHOUR=2;BYMINUTE=0,30", start: "2026-03-29T00:00", zone: "Europe/Berlin")
        .times(from: "2026-03-29T00:00", max: 2) == ["2026-03-29T02:00:00", "2026-03-29T02:30:00"])
  }

  @Test func aLeadThatReachesIntoAGapGivesWayToo() throws {
    let series = Series("FREQ=DAILY;BYHOUR=3;BYMINUTE=5,20", start: "2026-03-29T00:00", zone: "Europe/Berlin")
      .with("lead_minutes", 15)
    // 02:50 would be 03:50, after 03:05.
    #expect(try series.keys(from: "2026-03-29T00:00", max: 2) == ["2026-03-29T03:20-15m", "2026-03-30T03:05-15m"])
  }

  @Test func aWholeDayThatAZoneSkips() throws {
    // Samoa had no 30 December 2011.
    let series = Series("FREQ=DAILY", start: "2011-12-28T09:00", zone: "Pacific/Apia")
    #expect(
      try series.times(from: "2011-12-28T00:00", max: 3)
        == ["2011-12-28T09:00:00", "2011-12-29T09:00:00", "2011-12-31T09:00:00"])
  }

  @Test func anUntilInUTCIsAnInstant() throws {
    // The RFC's own: "daily until December 24, 1997".
    let series = Series("FREQ=DAILY;UNTIL=19971224T000000Z", start: "1997-09-02T09:00", zone: "America/New_York")
    let keys = try series.keys(max: 200)
    #expect(keys.count == 113)
    #expect(keys.last == "1997-12-23T09:00")
    let exact = Series("FREQ=DAILY;UNTIL=20261102T140000Z", start: "2026-10-31T09:00", zone: "America/New_York")
    // 09:00 is 13:00Z in summer and 14:00Z in winter, from 1 November on.
    #expect(try exact.keys() == ["2026-10-31T09:00", "2026-11-01T09:00", "2026-11-02T09:00"])
    let short = Series("FREQ=DAILY;UNTIL=20261102T135959Z", start: "2026-10-31T09:00", zone: "America/New_York")
    #expect(try short.keys() == ["2026-10-31T09:00", "2026-11-01T09:00"])
  }

  @Test func aDateHoldsItsWholeDay() throws {
    let series = Series("FREQ=DAILY;UNTIL=20261125", start: "2026-11-23T09:30")
    #expect(try series.keys() == ["2026-11-23T09:30", "2026-11-24T09:30", "2026-11-25T09:30"])
  }

  @Test func aStartInAnotherZoneKeepsToItsClocks() throws {
    // New York changes on 8 March, Paris on the 29th: in between the meeting is an hour earlier in New York.
    let series = Series("FREQ=WEEKLY", start: "2026-03-02T10:00[Europe/Paris]", zone: "America/New_York")
    #expect(
      try series.keys(from: "2026-03-01T00:00", max: 6) == [
        "2026-03-02T09:00:00Z", "2026-03-09T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-23T09:00:00Z",
        "2026-03-30T08:00:00Z", "2026-04-06T08:00:00Z",
      ])
    let utc = Series("FREQ=DAILY;BYHOUR=9,10", start: "2026-03-28T09:00Z", zone: "Europe/Berlin")
    #expect(
      try utc.keys(from: "2026-03-28T00:00", max: 4)
        == ["2026-03-28T09:00:00Z", "2026-03-28T10:00:00Z", "2026-03-29T09:00:00Z", "2026-03-29T10:00:00Z"])
  }

  @Test func aDateInAnotherZoneCanBeAddedAndLeftOut() throws {
    let series = Series("FREQ=DAILY;COUNT=4", start: "2026-11-23T09:30", zone: "Europe/Berlin")
      .with("rdate", ["2026-11-24T12:00[America/New_York]", "2026-11-25T08:30:00Z", "2026-11-25T20:00"])
      .with("exdate", ["2026-11-24T08:30Z", "2026-11-26T03:30[America/New_York]"])
    // 08:30Z on the 25th is 09:30 in Berlin, which is there already.
    #expect(
      try series.keys() == ["2026-11-23T09:30", "2026-11-24T17:00:00Z", "2026-11-25T09:30", "2026-11-25T20:00"])
  }

  @Test func inAnHourThatComesTwiceTheFirstPassCounts() throws {
    let series = Series("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=30", start: "2026-10-25T00:00", zone: "Europe/Berlin")
      .with("rdate", ["2026-10-25T01:15Z"])
    // 01:15Z is the second 02:15. What follows it is not the first 02:30 again.
    var cursor = try series.cursor(from: "2026-10-25T00:00")
    var keys: [String] = []
    var steps = Steps()
    for _ in 0..<5 {
      let next = try #require(try series.occurrences(after: cursor, max: 1, &steps).first)
      keys.append(next.key)
      cursor = try series.cursor(after: next)
    }
    #expect(
      keys == [
        "2026-10-25T01:30", "2026-10-25T02:30", "2026-10-25T01:15:00Z", "2026-10-25T03:30", "2026-10-26T01:30",
      ])
  }

  @Test func anUnknownZoneIsNamed() {
    let series = Series("FREQ=DAILY", start: "2026-11-23T09:30[Mars/Olympus]").with("exdate", ["2026-11-24T00:00[X/Y]"])
    #expect(series.faults == ["/start zone", "/exdate/0 zone"])
  }
}
