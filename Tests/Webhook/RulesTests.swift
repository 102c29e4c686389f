import Foundation
import HTTPTransport
import Testing

@Suite("Retry-After and dates")
struct RulesTests {
  /// 1994-11-06T08:49:37Z, the specification's example.
  static let example: Int64 = 784_111_777

  @Test(
    "the three forms of a date are read",
    arguments: [
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
  func dates(text: String) { #expect(HTTPDate.unixSeconds(text, nowSeconds: Self.example) == Self.example) }

  @Test("a two-digit year is within fifty years")
  func century() {
    let in2026: Int64 = 1_790_000_000
    #expect(HTTPDate.unixSeconds("Sunday, 06-Nov-94 08:49:37 GMT", nowSeconds: in2026) == Self.example)
    #expect(HTTPDate.unixSeconds("Friday, 06-Nov-76 08:49:37 GMT", nowSeconds: in2026) == 3_371_878_177)
    #expect(HTTPDate.unixSeconds("Sunday, 06-Nov-77 08:49:37 GMT", nowSeconds: in2026) == 247_654_177)
  }

  @Test(
    "what is no date is not guessed",
    arguments: [
      "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
      "06 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49 1994", "1994-11-06T08:49:37Z",
      "Sun, 06 Nov 19940000000000000000000000000000000 08:49:37 GMT",
    ])
  func noDate(text: String) { #expect(HTTPDate.unixSeconds(text, nowSeconds: Self.example) == nil) }

  @Test(
    "the wait that an answer names",
    arguments: [
      (nil, nil), ("", nil), ("0", 0), ("1", 1_000), (" 120 ", 120_000), ("86400", 86_400_000), ("86401", 86_400_000),
      ("99999999999999999999999", 86_400_000), ("-1", nil), ("1.5", nil), ("+5", nil), ("soon", nil), ("1,2", nil),
      ("Sun, 06 Nov 1994 08:49:47 GMT", 9_500), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
      ("Sun, 06 Nov 1993 08:49:37 GMT", 0),
      ("Sun, 06 Nov 2094 08:49:37 GMT", 86_400_000), ("Sunday, 06-Nov-94 08:50:37 GMT", 59_500),
      ("Sun Nov  6 08:49:38 1994", 500),
    ] as [(String?, UInt64?)])
  func retryAfter(field: String?, milliseconds: UInt64?) {
    #expect(RetryAfter.milliseconds(field, nowMilliseconds: Self.example * 1_000 + 500) == milliseconds)
  }

  @Test("dates of every fifth month agree with Foundation")
  func calendar() {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    // From 1600 on: before 1582 Foundation's calendar is the Julian one.
    for month in stride(from: 0, to: 12 * 800, by: 5) {
      let components = DateComponents(
        year: 1600 + month / 12, month: month % 12 + 1, day: 29, hour: 23, minute: 59, second: 58)
      guard let date = calendar.date(from: components) else { continue }
      let seconds = Int64(date.timeIntervalSince1970)
      let ours = UTCDate(unixSeconds: seconds)
      let theirs = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
      #expect(ours.year == theirs.year && ours.month == theirs.month && ours.day == theirs.day)
      #expect(ours.unixSeconds == seconds)
    }
  }

  @Test("RFC 3339, clamped to four digits of a year")
  func rfc3339() {
    #expect(UTCDate(unixSeconds: Self.example).rfc3339 == "1994-11-06T08:49:37Z")
    #expect(UTCDate(unixSeconds: -1).rfc3339 == "1969-12-31T23:59:59Z")
    #expect(UTCDate(unixSeconds: .min).rfc3339 == "0001-01-01T00:00:00Z")
    #expect(UTCDate(unixSeconds: .max).rfc3339 == "9999-12-31T23:59:59Z")
    #expect(UTCDate(year: 2_000, month: 2, day: 29, hour: 12, minute: 0, second: 0)?.rfc3339 == "2000-02-29T12:00:00Z")
    #expect(UTCDate(year: 1_900, month: 2, day: 29, hour: 12, minute: 0, second: 0) == nil)
  }

  @Test(
    "an instant of RFC 3339, whole seconds, in any zone",
    arguments: [
      ("1994-11-06T08:49:37Z", example), ("1994-11-06T10:19:37+01:30", example), ("1994-11-05T20:49:37-12:00", example),
      ("1970-01-01T00:00:00Z", 0),
    ])
  func instants(text: String, seconds: Int64) { #expect(RFC3339.unixSeconds(text) == seconds) }

  @Test(
    "what is no such instant is not guessed",
    arguments: [
      "", "1994-11-06", "1994-11-06T08:49:37", "1994-11-06 08:49:37Z", "1994-11-06T08:49:37z", "1994-11-31T08:49:37Z",
      "1994-11-06T24:00:00Z", "1994-11-06T08:49:37.5Z", "1994-11-06T08:49:37+0100", "1994-11-06T08:49:37+24:00",
      "1994-11-06T08:49:37+01:60", "+994-11-06T08:49:37Z", "1994-11-06T08:49:37Zebra!", "0000-11-06T08:49:37Z",
      "１994-11-06T08:49Z", "1994-11-06T08:49:37+01:٣٠",
    ])
  func noInstants(text: String) { #expect(RFC3339.unixSeconds(text) == nil) }

  @Test(
    "every form of Retry-After, within its bounds",
    arguments: [
      (nil, nil), ("", nil), (" ", nil), ("0", 0), ("1", 1_000), (" 7\t", 7_000), ("007", 7_000), ("86400", 86_400_000),
      ("86401", 86_400_000), ("99999999999999999999999", 86_400_000), ("-1", nil), ("+1", nil), ("1.5", nil),
      ("1e3", nil), ("0x10", nil), ("1, 2", nil), ("1s", nil), ("٣", nil), ("later", nil), ("\u{0}1", nil),
      ("Sun, 06 Nov 1994 08:49:38 GMT", 1_000), ("Sunday, 06-Nov-94 08:50:37 GMT", 60_000),
      ("Sun Nov  6 09:49:37 1994", 3_600_000), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
      ("Sun, 06 Nov 1994 08:49:36 GMT", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Mon, 01 Jan 0001 00:00:00 GMT", 0),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000), ("Sun, 31 Feb 1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("1994-11-06T08:49:37Z", nil),
    ] as [(String?, UInt64?)])
  func everyRetryAfter(field: String?, milliseconds: UInt64?) {
    #expect(RetryAfter.milliseconds(field, nowMilliseconds: Self.example * 1_000) == milliseconds)
  }
}
