import AnniversaryPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct AnniversaryNextTests {
  private let anniversary = Anniversary()

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let definition: JSONText
    var user: JSONText = "{}"
    let cursor: Cursor
    var max = 0
    let expected: [String]
    var testDescription: String { name }
  }

  private static func cases() throws -> [Case] {
    [
      .init(
        name: "a named date of the user", definition: #"{"of":"wedding"}"#,
        user: #"{"id":"a","dates":{"wedding":"2015-06-20"}}"#, cursor: try .start("2026-01-01T00:00"),
        expected: ["2026-06-20 @ 2026-06-20T09:00:00", "2027-06-20 @ 2027-06-20T09:00:00"]),
      .init(
        name: "the date named anniversary without a name", definition: #"{"at":"18:30"}"#,
        user: #"{"id":"a","dates":{"anniversary":"--06-20"}}"#, cursor: try .start("2026-06-20T18:30"),
        expected: ["2026-06-20 @ 2026-06-20T18:30:00"]),
      .init(
        name: "the definition's date counts before the user's", definition: #"{"of":"wedding","since":"2015-07-01"}"#,
        user: #"{"id":"a","dates":{"wedding":"2015-06-20"}}"#, cursor: try .start("2026-01-01T00:00"),
        expected: ["2026-07-01 @ 2026-07-01T09:00:00"]),
      .init(
        name: "of nobody", definition: #"{"since":"2015-06-20"}"#, cursor: try .start("2026-01-01T00:00"),
        expected: ["2026-06-20 @ 2026-06-20T09:00:00"]),
      .init(
        name: "the day itself is none", definition: #"{"since":"2026-06-20"}"#,
        cursor: try .start("2026-01-01T00:00"),
        expected: ["2027-06-20 @ 2027-06-20T09:00:00"]),
      .init(
        name: "several leads", definition: #"{"since":"2015-06-20","lead_days":[0,30,7]}"#,
        cursor: try .start("2026-06-01T00:00"),
        expected: [
          "2026-06-20-7d @ 2026-06-13T09:00:00", "2026-06-20 @ 2026-06-20T09:00:00",
          "2027-06-20-30d @ 2027-05-21T09:00:00", "2027-06-20-7d @ 2027-06-13T09:00:00",
        ]),
      .init(
        name: "from the middle of the leads", definition: #"{"since":"2015-06-20","lead_days":[0,30,7]}"#,
        cursor: try .after("2026-06-13T09:00", key: "2026-06-20-7d"),
        expected: ["2026-06-20 @ 2026-06-20T09:00:00", "2027-06-20-30d @ 2027-05-21T09:00:00"]),
      .init(
        name: "a later hour rings no lead again",
        definition: #"{"since":"2015-06-20","lead_days":[0,7],"at":"18:00"}"#,
        cursor: try .after("2026-06-13T09:00", key: "2026-06-20-7d"),
        expected: ["2026-06-20 @ 2026-06-20T18:00:00"]),
      .init(
        name: "leads over the turn of the year", definition: #"{"since":"2015-01-03","lead_days":[1,7,14]}"#,
        cursor: try .start("2026-12-25T00:00"),
        expected: [
          "2027-01-03-7d @ 2026-12-27T09:00:00", "2027-01-03-1d @ 2027-01-02T09:00:00",
          "2028-01-03-14d @ 2027-12-20T09:00:00",
        ]),
      .init(
        name: "on one day the nearer occasion", definition: #"{"since":"2015-06-20","lead_days":[0,365,366]}"#,
        cursor: try .start("2026-06-01T00:00"),
        expected: [
          "2027-06-20-366d @ 2026-06-19T09:00:00", "2026-06-20 @ 2026-06-20T09:00:00",
          "2027-06-20 @ 2027-06-20T09:00:00", "2028-06-20-365d @ 2027-06-21T09:00:00",
          "2029-06-20-366d @ 2028-06-19T09:00:00",
        ]),
      .init(
        name: "milestones alone", definition: #"{"since":"2015-06-20","milestones":[12,25,1]}"#,
        cursor: try .start("2026-01-01T00:00"), max: 9,
        expected: ["2027-06-20 @ 2027-06-20T09:00:00", "2040-06-20 @ 2040-06-20T09:00:00"]),
      .init(
        name: "milestones with leads",
        definition: #"{"since":"2015-06-20","milestones":{"every":5},"lead_days":[0,365]}"#,
        cursor: try .start("2024-01-01T00:00"),
        expected: [
          "2025-06-20-365d @ 2024-06-20T09:00:00", "2025-06-20 @ 2025-06-20T09:00:00",
          "2030-06-20-365d @ 2029-06-20T09:00:00",
        ]),
      .init(
        name: "milestones that are past", definition: #"{"since":"1900-06-20","milestones":[1,50,100]}"#,
        cursor: try .start("2026-01-01T00:00"), max: 9, expected: []),
      .init(
        name: "milestones on leap days alone",
        definition: #"{"since":"1996-02-29","feb29":"leap-years-only","milestones":{"every":5}}"#,
        cursor: try .start("2026-01-01T00:00"), expected: ["2036-02-29 @ 2036-02-29T09:00:00"]),
      .init(
        name: "milestones that no leap day has",
        definition: #"{"since":"2020-02-29","feb29":"leap-years-only","milestones":[1,2,3,5]}"#,
        cursor: try .start("2020-01-01T00:00"), max: 9, expected: []),
      .init(
        name: "another policy rings no lead again",
        definition: #"{"since":"2020-02-29","feb29":"mar-1","lead_days":[0,7]}"#,
        cursor: try .after("2026-02-21T09:00", key: "2026-02-28-7d"), expected: ["2026-03-01 @ 2026-03-01T09:00:00"]),
      .init(
        name: "nothing before the calendar begins", definition: #"{"since":"--01-03","lead_days":[0,7]}"#,
        cursor: try .start("0001-01-01T00:00"),
        expected: ["0001-01-03 @ 0001-01-03T09:00:00", "0002-01-03-7d @ 0001-12-27T09:00:00"]),
      .init(
        name: "nothing after it ends", definition: #"{"since":"2015-06-20","lead_days":[0,7]}"#,
        cursor: try .start("9999-06-14T00:00"), max: 9, expected: ["9999-06-20 @ 9999-06-20T09:00:00"]),
      .init(
        name: "a lead that would celebrate beyond it", definition: #"{"since":"2015-01-03","lead_days":7}"#,
        cursor: try .start("9999-12-01T00:00"), max: 9, expected: []),
    ]
  }

  @Test func theTableOfCursors() throws {
    for item in try Self.cases() {
      let max = item.max > 0 ? item.max : item.expected.count
      let given = try anniversary.shownOccurrences(item.definition, user: item.user, after: item.cursor, max: max)
      #expect(given == item.expected, "\(item.name)")
    }
  }

  @Test(arguments: [
    ("{}" as JSONText, "{}" as JSONText, "dates.anniversary"),
    (#"{"of":"wedding"}"#, #"{"id":"a"}"#, "dates.wedding"),
    (#"{"of":"wedding"}"#, #"{"id":"a","dates":{"anniversary":"2015-06-20"}}"#, "dates.wedding"),
    (#"{"of":"wedding"}"#, #"{"id":"a","dates":{"wedding":"2015-02-30"}}"#, "dates.wedding"),
    (#"{"of":"wedding","milestones":[10]}"#, #"{"id":"a","dates":{"wedding":"--06-20"}}"#, "milestones need"),
    (#"{"since":"--06-20","milestones":[10]}"#, "{}", "/milestones"),
    (#"{"since":"2015-13-01"}"#, "{}", "/since"),
    (#"{"since":"2015-06-20","lead_days":[400]}"#, "{}", "/lead_days/0"),
  ])
  func aSeriesWithoutAUsableDateIsAnErrorThatSaysSo(definition: JSONText, user: JSONText, named: String) throws {
    let error = #expect(throws: PluginError.self) {
      try anniversary.occurrences(definition, user: user, after: .start("2026-01-01T00:00"))
    }
    #expect(error?.status == .invalid)
    #expect(error?.message.contains(named) == true)
  }

  @Test func theOrdinalChangesNothingButTheOrdinals() throws {
    let definition: JSONText = #"{"since":"2015-06-20","lead_days":[0,7],"milestones":{"every":2}}"#
    let few = try anniversary.occurrences(
      definition, after: .after("2026-01-01T00:00", key: "2025-06-20", ordinal: 0), max: 6)
    let many = try anniversary.occurrences(
      definition, after: .after("2026-01-01T00:00", key: "2025-06-20", ordinal: 4_000), max: 6)
    #expect(few.map(shown) == many.map(shown))
    #expect(many.map(\.ordinal) == Array(4_001...4_006))
  }
}
