import Testing

/// Where dateutil, libical and this event type answer differently, and by which words of RFC 5545. The module's README
/// has the same table. A row fails when one of them changes its mind.
@Suite struct DifferenceTests {
  struct Row: Sendable {
    let rule: String
    let start: String
    /// The first of ours.
    let ours: [String]
    let differs: Set<String>
    /// What decides.
    let why: String
  }

  static let rows: [Row] = [
    Row(
      rule: "FREQ=DAILY;UNTIL=20261125", start: "2026-11-23T09:30:00",
      ours: ["2026-11-23T09:30:00", "2026-11-24T09:30:00", "2026-11-25T09:30:00"], differs: ["dateutil", "libical"],
      why: "3.3.10: UNTIL bounds inclusively; a date holds its whole day, as calendars write it"),
    Row(
      rule: "FREQ=YEARLY;BYWEEKNO=20", start: "1997-05-14T09:00:00",
      ours: ["1997-05-14T09:00:00", "1998-05-13T09:00:00"], differs: ["dateutil", "libical"],
      why: "3.3.10: what the rule leaves open, the weekday, is the start's; dateutil takes all seven, libical none"),
    Row(
      rule: "FREQ=MONTHLY;BYDAY=MO,2TU", start: "2026-11-01T09:00:00",
      ours: ["2026-11-02T09:00:00", "2026-11-09T09:00:00", "2026-11-10T09:00:00"], differs: ["dateutil"],
      why: "3.3.10: BYDAY is a list, each of which names days; dateutil wants both"),
    Row(
      rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", start: "2026-11-25T09:00:00",
      ours: ["2026-11-30T09:00:00", "2026-12-07T09:00:00"], differs: ["dateutil", "libical"],
      why: "3.3.10: BYSETPOS picks from the set of one interval, a week; dateutil's first week begins with the start, "
        + "libical leaves BYSETPOS out"),
    Row(
      rule: "FREQ=DAILY;BYHOUR=8,12,18;BYSETPOS=-1", start: "2026-11-23T00:00:00",
      ours: ["2026-11-23T18:00:00", "2026-11-24T18:00:00"], differs: ["libical"],
      why: "3.3.10: BYSETPOS goes with every FREQ"),
    Row(
      rule: "FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=8,18;BYSETPOS=2", start: "2026-11-01T09:00:00",
      ours: ["2026-11-02T18:00:00", "2026-12-01T18:00:00"], differs: ["libical"],
      why: "3.3.10: the set is of recurrence instances, times of day among them; libical counts days"),
    Row(
      rule: "FREQ=DAILY;BYMONTHDAY=-1", start: "2026-11-23T09:00:00",
      ours: ["2026-11-30T09:00:00", "2026-12-31T09:00:00"], differs: ["libical"],
      why: "3.3.10: -10 represents the tenth to the last day of the month, with every FREQ that takes BYMONTHDAY"),
    Row(
      rule: "FREQ=YEARLY;BYMONTHDAY=1", start: "2026-11-23T09:00:00",
      ours: ["2026-12-01T09:00:00", "2027-01-01T09:00:00"], differs: ["libical"],
      why: "3.3.10, the table: BYMONTHDAY expands a year; libical keeps to the month of the start"),
    Row(
      rule: "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", start: "1997-05-12T09:00:00",
      ours: ["1997-12-29T09:00:00", "1999-01-04T09:00:00"], differs: ["libical"],
      why: "3.3.10: BYDAY=MO names no Tuesday, with which libical begins"),
    Row(
      rule: "FREQ=YEARLY;BYYEARDAY=1,100;BYMONTH=4", start: "2026-01-01T09:00:00",
      ours: ["2026-04-10T09:00:00", "2027-04-10T09:00:00"], differs: ["libical"],
      why: "3.3.10, the table: both may stand in a yearly rule; libical does not know them together"),
    Row(
      rule: "FREQ=DAILY;BYHOUR=18,8", start: "2026-11-23T00:00:00",
      ours: ["2026-11-23T08:00:00", "2026-11-23T18:00:00"], differs: ["libical"],
      why: "3.8.5.3: a recurrence set has no order of its own but that of time; libical keeps the list's"),
    Row(
      rule: "FREQ=WEEKLY;BYDAY=SU", start: "2026-11-23T09:00:00",
      ours: ["2026-11-29T09:00:00", "2026-12-06T09:00:00"], differs: [],
      why: "3.8.5.3: what a start means that the rule does not name is undefined; all three leave it out"),
  ]

  @Test func eachDifferenceHasItsReason() throws {
    let answers = try Oracle.cases(["differences"] + Self.rows.flatMap { [$0.rule, $0.start] })
    #expect(answers.count == Self.rows.count)
    for (row, answer) in zip(Self.rows, answers) {
      let ours = try Series(row.rule, start: row.start).times(from: row.start, max: 8)
      #expect(Array(ours.prefix(row.ours.count)) == row.ours, "\(row.rule): \(row.why)")
      #expect(
        (ours != answer.expected) == row.differs.contains("dateutil"), "dateutil on \(row.rule): \(answer.expected)")
      #expect(
        (ours != answer.libical) == row.differs.contains("libical"), "libical on \(row.rule): \(answer.libical ?? [])")
    }
  }
}
