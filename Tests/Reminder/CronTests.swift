import PluginKit0
import Testing

@Suite struct CronTests {
  @Test(
    arguments: [
      ("cron(0 2 1 * ? *)", ["2026-12-01T02:00", "2027-01-01T02:00", "2027-02-01T02:00"]),
      // Day 2 is Monday to AWS, and Tuesday to cron.
      ("cron(0 4 ? * 2 *)", ["2026-11-23T04:00", "2026-11-30T04:00", "2026-12-07T04:00"]),
      ("cron(0 4 * * 2)", ["2026-11-24T04:00", "2026-12-01T04:00", "2026-12-08T04:00"]),
      ("cron(0 4 * * TUE)", ["2026-11-24T04:00", "2026-12-01T04:00", "2026-12-08T04:00"]),
      ("cron(0 4 ? * TUE *)", ["2026-11-24T04:00", "2026-12-01T04:00", "2026-12-08T04:00"]),
      // 0 and 7 are Sunday.
      ("cron(0 0 * * 0)", ["2026-11-22T00:00", "2026-11-29T00:00", "2026-12-06T00:00"]),
      ("cron(0 0 * * 7)", ["2026-11-22T00:00", "2026-11-29T00:00", "2026-12-06T00:00"]),
      ("cron(0 0 * * 5-7)", ["2026-11-22T00:00", "2026-11-27T00:00", "2026-11-28T00:00"]),
      // Either day field is enough when both are restricted; both must hold when one begins with a star.
      ("cron(0 0 13 * 5)", ["2026-11-27T00:00", "2026-12-04T00:00", "2026-12-11T00:00"]),
      ("cron(0 0 */2 * 1)", ["2026-11-23T00:00", "2026-12-07T00:00", "2026-12-21T00:00"]),
      // AWS' own examples.
      ("cron(0 10 * * ? *)", ["2026-11-22T10:00", "2026-11-23T10:00", "2026-11-24T10:00"]),
      ("cron(15 12 * * ? *)", ["2026-11-21T12:15", "2026-11-22T12:15", "2026-11-23T12:15"]),
      ("cron(0 18 ? * MON-FRI *)", ["2026-11-23T18:00", "2026-11-24T18:00", "2026-11-25T18:00"]),
      ("cron(0 8 1 * ? *)", ["2026-12-01T08:00", "2027-01-01T08:00", "2027-02-01T08:00"]),
      ("cron(0/5 8-17 ? * MON-FRI *)", ["2026-11-23T08:00", "2026-11-23T08:05", "2026-11-23T08:10"]),
      ("cron(0 9 ? * 2#1 *)", ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"]),
      ("cron(0 9 ? * 6L *)", ["2026-11-27T09:00", "2026-12-25T09:00", "2027-01-29T09:00"]),
      ("cron(0 9 L * ? *)", ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-31T09:00"]),
      ("cron(0 9 LW * ? *)", ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-29T09:00"]),
      ("cron(0 9 1W * ? *)", ["2026-12-01T09:00", "2027-01-01T09:00", "2027-02-01T09:00"]),
      ("cron(0 9 ? * L *)", ["2026-11-28T09:00", "2026-12-05T09:00", "2026-12-12T09:00"]),
      ("cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]),
      ("cron(0 0 1 1 ? 2030-2031)", ["2030-01-01T00:00", "2031-01-01T00:00"]),
    ])
  func vectors(expression: String, expected: [String]) throws {
    #expect(try Series(expression).keys(from: "2026-11-21T12:00", max: 3) == expected)
    #expect(Series(expression).faults.isEmpty)
  }

  @Test func generatedExpressionsAgainstEveryMinute() throws {
    let cases = try Oracle.cases(["cron", "1", "300"])
    #expect(cases.count == 300)
    #expect(cases.count { !$0.expected.isEmpty } > 150)
    for item in cases {
      let until = item.until ?? ""
      let given = try Series(item.repeat).times(from: item.after, max: OracleCase.length)
        .map { $0.hasSuffix("Z") ? String($0.dropLast()) : $0 }.filter { $0 < until }
      #expect(given == item.expected, "\(item.repeat) after \(item.after)")
    }
  }

  @Test func startAndEndBoundIt() throws {
    let series = Series("cron(0 9 * * 1)", start: "2026-12-07T09:00").with("end", "2026-12-21")
    #expect(try series.keys() == ["2026-12-07T09:00", "2026-12-14T09:00", "2026-12-21T09:00"])
    #expect(try series.with("end", "2026-12-21T08:59").keys() == ["2026-12-07T09:00", "2026-12-14T09:00"])
    #expect(try series.with("end", "2026-12-14T09:00Z").keys() == ["2026-12-07T09:00", "2026-12-14T09:00"])
  }

  @Test(
    arguments: [
      ("cron(* * * *)", "has 4 fields"), ("cron(0 0 1 * * ? *)", "has 7 fields"), ("cron()", "has 0 fields"),
      ("cron(60 * * * *)", "minutes"), ("cron(0 24 * * *)", "hours"), ("cron(0 0 0 * *)", "day of the month"),
      ("cron(0 0 32 * *)", "day of the month"), ("cron(0 0 * 13 *)", "month"), ("cron(0 0 * * 8)", "day of the week"),
      ("cron(0 0 * * MONDAY)", "day of the week"), ("cron(5/15 * * * *)", "a-b/n"), ("cron(*/0 * * * *)", "steps"),
      ("cron(9-5 * * * *)", "ranges"), ("cron(1,,2 * * * *)", "nothing"), ("cron(-1 * * * *)", "-1"),
      ("cron(0 0 L * *)", "day of the month"), ("cron(0 0 ? * 1)", "day of the month"),
      ("cron(1-2-3 * * * *)", "1-2-3"),
      ("cron(0 0 * * * *)", "exactly one"), ("cron(0 0 ? * ? *)", "exactly one"),
      ("cron(0 0 1 * MON *)", "exactly one"),
      ("cron(0 0 ? * 0 *)", "day of the week"), ("cron(0 0 ? * 8 *)", "day of the week"),
      ("cron(0 0 ? * 2#6 *)", "# takes"), ("cron(0 0 ? * 2#1,3#1 *)", "# takes"), ("cron(0 0 32W * ? *)", "W takes"),
      ("cron(0 0 1,2W * ? *)", "W takes"), ("cron(0 0 W * ? *)", "W takes"), ("cron(0 0 ? * 9L *)", "L takes"),
      ("cron(0 0 1 * ? 1969)", "year"), ("cron(0 0 1 * ? 2200)", "year"),
      ("cron(99999999999999999999 * * * *)", "minutes"), ("rate(5 minute)", "rate(number unit)"),
      ("rate(1 minutes)", "rate"), ("rate(0 minutes)", "rate"), ("rate(5)", "rate"), ("rate(5 seconds)", "rate"),
      ("rate(-5 minutes)", "rate"), ("rate(5  minutes)", "rate"), ("rate(367 days)", "rate"),
      ("rate(1.5 hours)", "rate"),
      ("rate(999999999 weeks)", "rate"), ("Cron(0 0 * * *)", "RRULE"), ("@daily", "RRULE"),
      ("cron(0 0 31 2 *)", "no occurrence"),
      ("cron(0 0 ? 2 2#5 2027)", "no occurrence"),
    ])
  func refusals(expression: String, says: String) {
    let violations = Series.violations(JSONText(#"{"title":"x","repeat":"\#(expression)"}"#))
    #expect(violations.map(\.pointer) == ["/repeat"])
    #expect(violations.first?.message.contains(says) == true, "\(violations)")
  }

  @Test(
    arguments: [
      ("rate(5 minutes)", ["2026-11-21T12:05:00Z", "2026-11-21T12:10:00Z"]),
      ("rate(1 hour)", ["2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z"]),
      // From 1970-01-01T00:00Z, a Thursday.
      ("rate(1 week)", ["2026-11-26T00:00:00Z", "2026-12-03T00:00:00Z"]),
      ("rate(7 days)", ["2026-11-26T00:00:00Z", "2026-12-03T00:00:00Z"]),
      ("rate(1 day)", ["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"]),
    ])
  func rates(expression: String, expected: [String]) throws {
    #expect(try Series(expression, zone: "Asia/Kolkata").keys(from: "2026-11-21T12:00:01Z", max: 2) == expected)
  }

  @Test func aRateCountsFromItsStart() throws {
    let series = Series("rate(36 hours)", start: "2026-03-28T12:00", zone: "Europe/Berlin").with("end", "2026-04-02")
    // The clocks go forward on the 29th: a rate does not mind.
    #expect(
      try series.keys()
        == [
          "2026-03-28T11:00:00Z", "2026-03-29T23:00:00Z", "2026-03-31T11:00:00Z", "2026-04-01T23:00:00Z",
        ].filter { $0 < "2026-04-02T22:00:00Z" })
  }
}
