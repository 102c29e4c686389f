import BirthdayPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct BirthdayNextTests {
  private let birthday = Birthday(today: { CivilDate.max })

  /// 1900 and 2100 are no leap years, 2000 is one.
  private static let leapYears = Set(stride(from: 1896, through: 2104, by: 4)).subtracting([1900, 2100])

  @Test(arguments: LeapDayPolicy.allCases)
  func leapDayPoliciesOverTwoCenturies(policy: LeapDayPolicy) throws {
    let expected = (1897...2104).compactMap { year -> String? in
      if Self.leapYears.contains(year) { return "\(year)-02-29" }
      switch policy {
      case .feb28: return "\(year)-02-28"
      case .mar1: return "\(year)-03-01"
      case .leapYearsOnly: return nil
      }
    }
    let definition = JSONText(#"{"born":"1896-02-29","feb29":"\#(policy.rawValue)"}"#)
    let whole = try birthday.occurrences(definition, after: .start("1880-01-01T00:00"), max: expected.count)
    #expect(whole.map(\.key) == expected)
    #expect(whole.map(\.ordinal) == (1...UInt64(expected.count)).map { $0 })

    // One by one, each from the cursor that the one before left, gives the same series.
    var cursor = try Cursor.start("1880-01-01T00:00")
    for occurrence in whole {
      let next = try #require(try birthday.occurrences(definition, after: cursor).first)
      #expect(next == occurrence)
      guard case .civil(let civil) = next.when else { throw TestError("no local time") }
      cursor = Cursor(
        isStart: false, civil: civil, instantNanoseconds: 0, ordinal: next.ordinal, key: next.key)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let definition: JSONText
    var user: JSONText = "{}"
    let cursor: Cursor
    let expected: [String]
    var testDescription: String { name }
  }

  private static func cases() throws -> [Case] {
    [
      .init(
        name: "at the start the moment itself counts", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .start("2026-05-04T09:00"),
        expected: ["2026-05-04 @ 2026-05-04T09:00:00", "2027-05-04 @ 2027-05-04T09:00:00"]),
      .init(
        name: "a second later it does not", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .start("2026-05-04T09:00:01"), expected: ["2027-05-04 @ 2027-05-04T09:00:00"]),
      .init(
        name: "after an occurrence comes next year's", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .after("2026-05-04T09:00", key: "2026-05-04"), expected: ["2027-05-04 @ 2027-05-04T09:00:00"]),
      .init(
        name: "a later hour does not celebrate again", definition: #"{"born":"1990-05-04","at":"18:30"}"#,
        cursor: try .after("2026-05-04T09:00", key: "2026-05-04"), expected: ["2027-05-04 @ 2027-05-04T18:30:00"]),
      .init(
        name: "a zone further west does not celebrate again", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .after("2026-05-03T22:00", key: "2026-05-04"), expected: ["2027-05-04 @ 2027-05-04T09:00:00"]),
      .init(
        name: "without a key only the time counts", definition: #"{"born":"1990-05-04","at":"18:30:15"}"#,
        cursor: try .after("2026-05-04T09:00", key: ""), expected: ["2026-05-04 @ 2026-05-04T18:30:15"]),
      .init(
        name: "another policy does not celebrate the year again",
        definition: #"{"born":"2000-02-29","feb29":"mar-1"}"#,
        cursor: try .after("2026-02-28T09:00", key: "2026-02-28"), expected: ["2027-03-01 @ 2027-03-01T09:00:00"]),
      .init(
        name: "a corrected date of birth is celebrated", definition: #"{"born":"1990-11-10"}"#,
        cursor: try .after("2026-01-10T09:00", key: "2026-01-10"), expected: ["2026-11-10 @ 2026-11-10T09:00:00"]),
      .init(
        name: "a lead that was dropped leaves the day itself", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .after("2026-04-27T09:00", key: "2026-05-04-7d"), expected: ["2026-05-04 @ 2026-05-04T09:00:00"]),
      .init(
        name: "a lead that was added does not go back", definition: #"{"born":"1990-05-04","lead_days":7}"#,
        cursor: try .after("2026-05-04T09:00", key: "2026-05-04"),
        expected: ["2027-05-04-7d @ 2027-04-27T09:00:00"]),
      .init(
        name: "a lead crosses the end of the year", definition: #"{"born":"1990-01-03","lead_days":7}"#,
        cursor: try .start("2026-12-20T00:00"), expected: ["2027-01-03-7d @ 2026-12-27T09:00:00"]),
      .init(
        name: "a lead just missed waits for next year", definition: #"{"born":"1990-01-03","lead_days":7}"#,
        cursor: try .start("2026-12-28T00:00"), expected: ["2028-01-03-7d @ 2027-12-27T09:00:00"]),
      .init(
        name: "a lead lands on 29 February", definition: #"{"born":"1990-03-01","lead_days":1}"#,
        cursor: try .start("2027-06-01T00:00"),
        expected: ["2028-03-01-1d @ 2028-02-29T09:00:00", "2029-03-01-1d @ 2029-02-28T09:00:00"]),
      .init(
        name: "a lead of 29 February celebrated on the 28th", definition: #"{"born":"2004-02-29","lead_days":28}"#,
        cursor: try .start("2027-01-01T00:00"),
        expected: ["2027-02-28-28d @ 2027-01-31T09:00:00", "2028-02-29-28d @ 2028-02-01T09:00:00"]),
      .init(
        name: "the longest lead", definition: #"{"born":"1990-05-04","lead_days":366}"#,
        cursor: try .start("2026-05-01T00:00"), expected: ["2027-05-04-366d @ 2026-05-03T09:00:00"]),
      .init(
        name: "the first birthday is a year after the birth", definition: #"{"born":"2026-05-04"}"#,
        cursor: try .start("2025-01-01T00:00"), expected: ["2027-05-04 @ 2027-05-04T09:00:00"]),
      .init(
        name: "no lead reaches back to the birth", definition: #"{"born":"2026-05-04","lead_days":365}"#,
        cursor: try .start("2025-01-01T00:00"), expected: ["2028-05-04-365d @ 2027-05-05T09:00:00"]),
      .init(
        name: "an unknown year", definition: #"{"born":"--02-29"}"#, cursor: try .start("2026-03-01T00:00"),
        expected: ["2027-02-28 @ 2027-02-28T09:00:00", "2028-02-29 @ 2028-02-29T09:00:00"]),
      .init(
        name: "the user's date counts without one in the definition", definition: "{}",
        user: #"{"id":"a","dates":{"birth":"--12-31"}}"#, cursor: try .start("2026-12-31T10:00"),
        expected: ["2027-12-31 @ 2027-12-31T09:00:00"]),
      .init(
        name: "the definition's date counts before the user's", definition: #"{"born":"1990-05-04"}"#,
        user: #"{"id":"a","dates":{"birth":"--12-31"}}"#, cursor: try .start("2026-01-01T00:00"),
        expected: ["2026-05-04 @ 2026-05-04T09:00:00"]),
      .init(
        name: "several leads", definition: #"{"born":"1990-05-04","lead_days":[0,7]}"#,
        cursor: try .after("2026-04-27T09:00", key: "2026-05-04-7d"),
        expected: ["2026-05-04 @ 2026-05-04T09:00:00", "2027-05-04-7d @ 2027-04-27T09:00:00"]),
      .init(
        name: "leads of this year and of the next", definition: #"{"born":"1990-12-31","lead_days":[0,364]}"#,
        cursor: try .start("2026-12-30T00:00"),
        expected: [
          "2026-12-31 @ 2026-12-31T09:00:00", "2027-12-31-364d @ 2027-01-01T09:00:00",
          "2027-12-31 @ 2027-12-31T09:00:00", "2028-12-31-364d @ 2028-01-02T09:00:00",
        ]),
      .init(
        name: "the calendar ends", definition: #"{"born":"1990-05-04"}"#, cursor: try .start("9999-05-05T00:00"),
        expected: []),
      .init(
        name: "the last birthday there is", definition: #"{"born":"1990-05-04"}"#,
        cursor: try .start("9998-12-31T00:00"), expected: ["9999-05-04 @ 9999-05-04T09:00:00"]),
    ]
  }

  @Test func theTableOfCursors() throws {
    for item in try Self.cases() {
      let given = try birthday.shownOccurrences(
        item.definition, user: item.user, after: item.cursor, max: max(item.expected.count, 1))
      #expect(given == item.expected, "\(item.name)")
      let again = try birthday.shownOccurrences(
        item.definition, user: item.user, after: item.cursor, max: max(item.expected.count, 1))
      #expect(again == given, "\(item.name): the same request twice")
    }
  }

  @Test(arguments: [
    ("{}" as JSONText, "{}" as JSONText, "dates.birth"), ("{}", #"{"id":"a"}"#, "dates.birth"),
    ("{}", #"{"id":"a","dates":{}}"#, "dates.birth"),
    ("{}", #"{"id":"a","dates":{"birth":"1990-02-30"}}"#, "dates.birth"),
    (#"{"born":"1990-13-01"}"#, "{}", "/born"), (#"{"lead_days":400,"born":"--01-01"}"#, "{}", "/lead_days"),
  ])
  func aSeriesWithoutAUsableDateIsAnErrorThatSaysSo(definition: JSONText, user: JSONText, named: String) throws {
    let error = #expect(throws: PluginError.self) {
      try birthday.occurrences(definition, user: user, after: .start("2026-01-01T00:00"))
    }
    #expect(error?.status == .invalid)
    #expect(error?.message.contains(named) == true)
  }

  @Test func keysReadWhatTheyWrite() throws {
    for text in ["2026-05-04", "2026-05-04-1d", "2028-02-29-366d"] { #expect(OccasionKey(text)?.description == text) }
    for text in [
      "", "2026-05-04-", "2026-05-04-0d", "2026-05-04-07d", "2026-05-04-367d", "2026-05-04-7", "2026-02-30", "x",
      "2026-05-04-7dd", "2026-05-04 ",
    ] {
      #expect(OccasionKey(text) == nil, "\(text)")
    }
  }
}
