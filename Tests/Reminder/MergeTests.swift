import PluginKit0
import Recurrence
import Testing

/// Keys, leads, what is added and left out, and where a series goes on.
@Suite struct MergeTests {
  @Test func onceIsOnce() throws {
    let series = Series(start: "2026-11-23T09:30")
    #expect(try series.keys(from: "2026-11-01T00:00") == ["2026-11-23T09:30"])
    #expect(try series.keys(from: "2026-11-23T09:30") == ["2026-11-23T09:30"])
    #expect(try series.keys(from: "2026-11-23T09:31") == [])
    #expect(try Series(start: "2026-11-23").keys() == ["2026-11-23T09:00"])
    #expect(try Series(start: "2026-11-23").with("at", "18:15:30").keys() == ["2026-11-23T18:15:30"])
    #expect(try Series(start: "2026-11-23T09:30:15Z").keys() == ["2026-11-23T09:30:15Z"])
    #expect(try Series(start: "2026-11-23T09:30[America/New_York]").keys() == ["2026-11-23T14:30:00Z"])
  }

  @Test func whatIsAddedAndLeftOut() throws {
    let series = Series("FREQ=WEEKLY;BYDAY=MO;COUNT=4", start: "2026-11-23T09:30")
      // Out of order, twice, one that is there already, one before the start.
      .with("rdate", ["2026-12-01T10:00", "2026-11-25", "2026-12-01T10:00:00", "2026-11-30T09:30", "2026-11-01T08:00"])
      .with("exdate", ["2026-12-07", "2026-12-14T09:31", "2026-12-01T10:01"])
    // COUNT counts what the rule names: an exception does not lengthen the series.
    #expect(
      try series.keys() == [
        "2026-11-01T08:00", "2026-11-23T09:30", "2026-11-25T09:00", "2026-11-30T09:30", "2026-12-01T10:00",
        "2026-12-14T09:30",
      ])
    #expect(series.faults.isEmpty)
    #expect(try Series().with("rdate", ["2026-11-25", "2026-11-24T08:00Z"]).keys().count == 2)
  }

  @Test(
    arguments: [
      (15, ["2026-11-23T09:30-15m @ 2026-11-23T09:15:00", "2026-11-24T09:30-15m @ 2026-11-24T09:15:00"]),
      (1_440, ["2026-11-23T09:30-1440m @ 2026-11-22T09:30:00", "2026-11-24T09:30-1440m @ 2026-11-23T09:30:00"]),
      (-90, ["2026-11-23T09:30+90m @ 2026-11-23T11:00:00", "2026-11-24T09:30+90m @ 2026-11-24T11:00:00"]),
      (0, ["2026-11-23T09:30 @ 2026-11-23T09:30:00", "2026-11-24T09:30 @ 2026-11-24T09:30:00"]),
    ] as [(Int64, [String])])
  func leads(minutes: Int64, expected: [String]) throws {
    let series = Series("FREQ=DAILY", start: "2026-11-23T09:30").with("lead_minutes", .integer(minutes))
    #expect(try series.occurrences(max: 2).map { "\($0.key) @ \($0.shown)" } == expected)
  }

  @Test func aLeadOnTheInstantLine() throws {
    let series = Series("rate(1 hour)", start: "2026-03-29T00:30Z", zone: "Europe/Berlin").with("lead_minutes", 45)
    #expect(
      try series.occurrences(max: 2).map { "\($0.key) @ \($0.shown)" } == [
        "2026-03-29T00:30:00Z-45m @ 2026-03-28T23:45:00Z", "2026-03-29T01:30:00Z-45m @ 2026-03-29T00:45:00Z",
      ])
  }

  @Test(
    arguments: [
      "FREQ=DAILY;COUNT=20", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;BYSETPOS=-1",
      "FREQ=YEARLY;BYYEARDAY=1,-1;BYHOUR=8,20", "FREQ=HOURLY;INTERVAL=7;BYMINUTE=5,35;COUNT=20",
      "FREQ=MINUTELY;INTERVAL=25;BYHOUR=1,2,3", "cron(*/20 1-3 * * *)", "cron(10,40 1-3 L * ? *)", "rate(90 minutes)",
    ])
  func oneByOneIsTheSameAsAllAtOnce(rule: String) throws {
    let series = Series(rule, start: "2026-10-24T01:30", zone: "Europe/Berlin")
      .with("rdate", ["2026-10-25T02:15", "2026-10-25T00:20Z", "2026-10-25T01:20Z", "2026-11-01T03:00"])
      .with("exdate", ["2026-10-25T01:30", "2026-10-26"]).with("lead_minutes", 20)
    var steps = Steps()
    let start = try series.cursor(from: "2026-10-01T00:00")
    let whole = try series.occurrences(after: start, max: 30, &steps)
    #expect(whole.count >= 10)
    #expect(whole.map(\.ordinal) == (1...UInt64(whole.count)).map { $0 })
    #expect(Set(whole.map(\.key)).count == whole.count)
    var cursor = start
    for occurrence in whole {
      let next = try #require(try series.occurrences(after: cursor, max: 1, &steps).first)
      #expect(next == occurrence)
      let after = try series.cursor(after: next)
      #expect(after.instantNanoseconds >= cursor.instantNanoseconds, "not in order")
      cursor = after
    }
    // A plan that begins anew somewhere inside: the same keys, wherever it begins and whatever it had counted.
    for (index, occurrence) in whole.enumerated().dropFirst() {
      var again = try series.cursor(after: occurrence)
      again.isStart = true
      again.ordinal = 0
      again.key = ""
      let rest = try series.occurrences(after: again, max: 30, &steps).map(\.key)
      let expected = whole[index...].prefix(3).map(\.key)
      #expect(Array(rest.prefix(expected.count)) == expected)
    }
  }

  @Test func aSeriesThatBeganLongAgoIsQuick() throws {
    for rule in [
      "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=DAILY;COUNT=99999",
    ] {
      let series = Series(rule, start: "1750-01-01T09:00")
      var steps = Steps()
      #expect(try series.occurrences(after: series.cursor(from: "2020-11-23T00:00"), max: 1, &steps).count == 1)
      #expect(steps.total < 20_000, "\(rule) \(steps.total)")
    }
    let often = Series("FREQ=MINUTELY;INTERVAL=7", start: "1970-01-01T00:00Z")
    var steps = Steps()
    #expect(try often.occurrences(after: often.cursor(from: "2026-11-23T00:00"), max: 1, &steps).count == 1)
    #expect(steps.total < 10)
  }

  @Test func theEndOfTheCalendar() throws {
    let series = Series("FREQ=YEARLY", start: "2258-11-23T09:30")
    #expect(try series.keys() == ["2258-11-23T09:30", "2259-11-23T09:30", "2260-11-23T09:30"])
    #expect(try series.keys(from: "2260-12-31T23:59") == [])
    var end = try series.cursor(from: "2026-01-01T00:00")
    for civil in [CivilDate.max, .min] {
      end.civil = Civil(civil, .midnight)
      for instant in [Int64.max, .min] {
        end.instantNanoseconds = instant
        for rule in ["FREQ=YEARLY", "FREQ=HOURLY", "cron(0 0 * * *)", "cron(* * * * *)", "rate(1 day)"] {
          // Whatever it answers: it must answer.
          var steps = Steps()
          _ = try? Series(rule, start: "2258-11-23T09:30").occurrences(after: end, max: 1, &steps)
        }
      }
    }
  }
}
