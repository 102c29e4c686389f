import Testing

@testable import CtlKit

@Suite("Times, spans, names")
struct TextFormTests {
  @Test(
    "instants are read and written (RFC 3339)",
    arguments: [
      ("1970-01-01T00:00:00Z", Int64(0), "1970-01-01T00:00:00.000Z"),
      ("2000-02-29T12:30:45.5Z", 951_827_445, "2000-02-29T12:30:45.500Z"),
      ("2026-06-01T09:00:00+02:00", 1_780_297_200, "2026-06-01T07:00:00.000Z"),
      ("1969-12-31t23:59:59-00:30", 1_799, "1970-01-01T00:29:59.000Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800, "0001-01-01T00:00:00.000Z"),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799, "9999-12-31T23:59:59.999Z"),
    ])
  func instants(text: String, seconds: Int64, written: String) throws {
    let parsed = try #require(Timestamps.parse(text))
    #expect(parsed.seconds == seconds)
    #expect(Timestamps.rfc3339(milliseconds: seconds * 1_000 + Int64(parsed.nanoseconds / 1_000_000)) == written)
  }

  @Test(
    "what is no instant is refused",
    arguments: [
      "", "2026-06-01", "2026-06-01T09:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
      "2026-01-01T00:00:00+2", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "20260101T000000Z000",
    ])
  func noInstants(text: String) {
    #expect(Timestamps.parse(text) == nil)
  }

  @Test(
    "zones follow the system's rules",
    arguments: [
      ("UTC", "2026-07-01T00:00:00.000Z"), ("Europe/Paris", "2026-07-01T02:00:00.000+02:00"),
      ("America/New_York", "2026-06-30T20:00:00.000-04:00"), ("Asia/Kathmandu", "2026-07-01T05:45:00.000+05:45"),
    ])
  func zones(name: String, expected: String) throws {
    #expect(try ZoneClock(named: name).rfc3339(milliseconds: 1_782_864_000_000) == expected)
  }

  @Test("a zone that is not there is refused", arguments: ["Mars/Olympus", "../../etc/passwd", "", "Europe/Päris"])
  func noZones(name: String) {
    #expect(throws: CtlError.self) { try ZoneClock(named: name) }
  }

  @Test(
    "spans of time",
    arguments: [
      ("0s", Int64(0), "0s"), ("90s", 90_000, "1m30s"), ("1h30m", 5_400_000, "1h30m"), ("7d", 604_800_000, "7d"),
      ("250ms", 250, "250ms"), ("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms"),
    ])
  func spans(text: String, milliseconds: Int64, written: String) {
    #expect(DurationText.milliseconds(text) == milliseconds)
    #expect(DurationText.text(milliseconds: milliseconds) == written)
  }

  @Test(
    "what is no span is refused", arguments: ["", "5", "s", "5x", "-5s", "99999999999999999999s", "9999999d", "1.5h"])
  func noSpans(text: String) {
    #expect(DurationText.milliseconds(text) == nil)
  }

  @Test(
    "ids and full names",
    arguments: [
      (ResourceKind.users, "ada", "namespaces/n/users/ada"), (.queues, "low", "queues/low"),
      (.queues, "queues/low", "queues/low"), (.sinks, "namespaces/x/sinks/s", "namespaces/x/sinks/s"),
    ])
  func names(kind: ResourceKind, text: String, expected: String) throws {
    #expect(try kind.name(text, namespace: "n") == expected)
  }

  @Test("names of other kinds are refused", arguments: ["", "/", "a/b", "namespaces/x/users/u", "users/", "sinks/s"])
  func wrongNames(text: String) {
    #expect(throws: CtlError.self) { try ResourceKind.sinks.name(text, namespace: "n") }
  }

  @Test("YAML quotes what would read as something else")
  func yaml() throws {
    let value = JSONValue.object([
      ("a", .string("true")), ("b", .string("1990-05-04")), ("c", .string("12")), ("d", .integer(12)),
      ("e", .array([.null, .bool(false)])), ("f", .string("Zoë")), ("g", .string("two\nlines")),
    ])
    let text = try YAMLText.document(value)
    let read = try YAMLReader.documents(Array(text.utf8), name: "test")
    #expect(read.count == 1)
    #expect(read[0].json.compact == value.compact)
    #expect(text.contains("a: 'true'"))
    #expect(text.contains("Zoë"))
  }

  @Test(
    "local times are read without an offset, and written for people",
    arguments: [
      ("2026-12-24T10:00", "2026-12-24T10:00:00", "Thu 2026-12-24 10:00"),
      ("2024-02-29 23:59:58", "2024-02-29T23:59:58", "Thu 2024-02-29 23:59:58"),
      ("1969-12-31T00:00:00.5", "1969-12-31T00:00:00", "Wed 1969-12-31 00:00"),
      ("0001-01-01T00:00", "0001-01-01T00:00:00", "Mon 0001-01-01 00:00"),
    ])
  func localTimes(text: String, iso: String, friendly: String) throws {
    let time = try #require(LocalTime(text))
    #expect(time.iso == iso)
    #expect(time.friendly == friendly)
  }

  @Test(
    "what is no local time is refused",
    arguments: [
      "", "2026-12-24", "2026-12-24T24:00", "2026-02-29T10:00", "2026-12-24T10:00Z", "2026-12-24T10:00:0",
      "2026-12-24T10:00:00.", "2026-12-24T10:00:00+01:00", "2026-12-24x10:00", "2026-12-24T1é:00",
    ])
  func noLocalTimes(text: String) {
    #expect(LocalTime(text) == nil)
  }

  @Test(
    "how far ahead, in one unit",
    arguments: [
      (Int64(0), "now"), (Int64(-5_000), "now"), (Int64(999), "now"), (Int64(59_999), "in 59s"),
      (Int64(3_599_000), "in 59m"), (Int64(86_399_000), "in 23h"), (Int64(34_560_000_000), "in 400d"),
    ])
  func ahead(span: Int64, text: String) {
    #expect(Ahead.text(1_000_000 + span, from: 1_000_000) == text)
    #expect(Ahead.text(.max, from: .min) == "now")
  }

  @Test(
    "--set puts a value where its path says",
    arguments: [
      ("{}", "a", "1", #"{"a":1}"#), ("{}", "a.b.c", "\"x\"", #"{"a":{"b":{"c":"x"}}}"#),
      (#"{"a":{"b":1,"c":2}}"#, "a.b", "[3]", #"{"a":{"b":[3],"c":2}}"#), ("{}", #"a\.b"#, "1", #"{"a.b":1}"#),
      (#"{"a":1}"#, "a", "null", #"{"a":null}"#),
    ])
  func paths(object: String, path: String, value: String, expected: String) throws {
    let path = try #require(DefinitionPath(path))
    let result = path.setting(try JSONValue(parsing: value.utf8), in: try JSONValue(parsing: object.utf8))
    #expect(result?.compact == expected)
  }

  @Test("a path that leads nowhere is refused", arguments: ["", ".", "a.", ".a", "a..b", #"a\"#])
  func noPaths(text: String) {
    #expect(DefinitionPath(text) == nil)
    let deep = Array(repeating: "a", count: DefinitionPath.maxDepth + 1).joined(separator: ".")
    #expect(DefinitionPath(deep) == nil)
    #expect(DefinitionPath("a.b")?.setting(.null, in: .object([("a", .integer(1))])) == nil)
  }
}
