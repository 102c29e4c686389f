import CivilTime
import Foundation
import Testing

@Suite("Civil dates and times")
struct CivilValueTests {
  @Test(
    "text is read and printed the same",
    arguments: ["2000-02-29", "0000-01-01", "-0001-12-31", "9999-12-31", "-9999-01-01"])
  func dateText(_ text: String) throws {
    #expect(try CivilDate(text).description == text)
    let coded = try JSONEncoder().encode([CivilDate(text)])
    #expect(String(decoding: coded, as: UTF8.self) == "[\"\(text)\"]")
    #expect(try JSONDecoder().decode([CivilDate].self, from: coded) == [CivilDate(text)])
  }

  @Test(
    "times print with the digits they need",
    arguments: [
      ("09:00", "09:00:00"), ("23:59:59", "23:59:59"), ("00:00:00.5", "00:00:00.5"),
      ("12:34:56.000000001", "12:34:56.000000001"), ("12:34:56.120", "12:34:56.12"),
    ])
  func timeText(_ text: String, _ printed: String) throws {
    #expect(try CivilTimeOfDay(text).description == printed)
    #expect(try CivilDateTime("2026-05-04T" + text).description == "2026-05-04T" + printed)
  }

  @Test(
    "other text is refused",
    arguments: [
      ("", .invalidText), ("2026", .invalidText), ("2026-5-4", .invalidText), ("20260504", .invalidText),
      ("2026-05-04 ", .invalidText), (" 2026-05-04", .invalidText), ("+2026-05-04", .invalidText),
      ("10000-01-01", .invalidText), ("-0000-01-01", .invalidText), ("2026-05-0\u{664}", .invalidText),
      (String(repeating: "2", count: 100_000), .invalidText), ("2026-00-01", .invalidField),
      ("2026-13-01", .invalidField), ("2026-04-31", .invalidField), ("2026-01-00", .invalidField),
      ("2025-02-29", .invalidField), ("1900-02-29", .invalidField),
    ] as [(String, CivilTimeError.Code)])
  func badDate(_ text: String, _ code: CivilTimeError.Code) throws {
    #expect(errorCode { try CivilDate(text) } == code)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode([CivilDate].self, from: try JSONEncoder().encode([text]))
    }
  }

  @Test(
    "other times are refused",
    arguments: [
      "24:00", "23:60", "23:59:60", "9:00", "09", "09:00:00.", "09:00:00,5", "09:00:00.0000000001", "09:00Z",
      "09:00.5", "09:00:00+01:00", "-1:00",
    ])
  func badTime(_ text: String) {
    #expect(errorCode { try CivilTimeOfDay(text) } != nil)
    #expect(errorCode { try CivilDateTime("2026-05-04T" + text) } != nil)
  }

  @Test("errors name the field and what is allowed")
  func fieldNames() throws {
    for (field, make) in [
      ("year 10000 is not in -9999...9999", { _ = try CivilDate(year: 10_000, month: 1, day: 1) }),
      ("month 13 is not in 1...12", { _ = try CivilDate(year: 2026, month: 13, day: 1) }),
      ("day 30 is not in 1...28", { _ = try CivilDate(year: 2026, month: 2, day: 30) }),
      ("hour 24 is not in 0...23", { _ = try CivilTimeOfDay(hour: 24) }),
      ("nanosecond -1 is not in 0...999999999", { _ = try CivilTimeOfDay(hour: 0, nanosecond: -1) }),
    ] as [(String, () throws -> Void)] {
      let error = try #require(throws: CivilTimeError.self) { try make() }
      #expect(error.message.hasPrefix(field), "\(error)")
    }
    for extreme in [Int.min, .max] {
      #expect(errorCode { try CivilDate(year: extreme, month: extreme, day: extreme) } == .invalidField)
      #expect(errorCode { try CivilDate(daysSinceEpoch: extreme) } == .outOfRange)
      #expect(errorCode { try CivilDate.earliest.adding(days: extreme) } == .outOfRange)
      #expect(errorCode { try CivilTimeOfDay(hour: 1, minute: extreme) } == .invalidField)
    }
  }

  @Test("all days of the supported years follow each other, with the weekdays in turn")
  func everyDay() throws {
    var day = CivilDate.earliest
    var weekday = day.weekday
    var number = day.daysSinceEpoch
    // A debug build takes its time: every day of four centuries, then the ends.
    while day.year < -9599 {
      let next = try day.adding(days: 1)
      number += 1
      guard day < next, next.daysSinceEpoch == number, try CivilDate(daysSinceEpoch: number) == next,
        next.weekday.rawValue == weekday.rawValue % 7 + 1,
        next.dayOfYear == (next.year == day.year ? day.dayOfYear + 1 : 1)
      else {
        Issue.record("after \(day): \(next)")
        return
      }
      (day, weekday) = (next, next.weekday)
    }
    #expect(errorCode { try CivilDate.latest.adding(days: 1) } == .outOfRange)
    #expect(errorCode { try CivilDate.earliest.adding(days: -1) } == .outOfRange)
  }

  @Test(
    "known days",
    arguments: [
      ("1970-01-01", 0, Weekday.thursday), ("2000-02-29", 11_016, .tuesday), ("2026-05-04", 20_577, .monday),
      ("1582-10-15", -141_427, .friday), ("0000-03-01", -719_468, .wednesday), ("1969-12-31", -1, .wednesday),
    ])
  func knownDays(_ text: String, _ number: Int, _ weekday: Weekday) throws {
    let date = try CivilDate(text)
    #expect(date.daysSinceEpoch == number)
    #expect(date.weekday == weekday)
    #expect(try CivilDate("1970-01-01").days(to: date) == number)
  }

  @Test("month lengths and leap years")
  func monthLengths() throws {
    #expect(try (1...12).map { try CivilDate.daysInMonth($0, year: 2026) }.reduce(0, +) == 365)
    #expect(try CivilDate.daysInMonth(2, year: 2000) == 29)
    #expect(
      [1900, 2000, 2023, 2024, 0, -4, -1].map(CivilDate.isLeapYear) == [false, true, false, true, true, true, false])
    #expect(errorCode { try CivilDate.daysInMonth(0, year: 2026) } == .invalidField)
  }

  @Test("values order by time")
  func order() throws {
    let ordered = ["-0001-12-31T23:59:59", "0000-01-01T00:00", "2026-01-31T23:59:59.9", "2026-02-01T00:00"]
    let values = try ordered.map { try local($0) }
    #expect(values.reversed().sorted() == values)
    #expect(try local("2026-02-28T09:00").adding(days: 1) == local("2026-03-01T09:00"))
  }
}
