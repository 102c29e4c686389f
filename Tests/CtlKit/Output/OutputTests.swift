import Testing

@testable import CtlKit

@Suite("Output")
struct OutputTests {
  @Test(
    "columns that a text takes on a terminal",
    arguments: [
      ("", 0), ("plain", 5), ("Zoë", 3), ("Zoe\u{308}", 3), ("Анна", 4), ("佐藤 花子", 9), ("김서연", 6), ("ﾊﾝｶｸ", 4),
      ("ＡＢ", 4), ("نوعة", 4), ("नमस्ते", 4), ("🦙", 2), ("☕️", 2), ("☕", 2), ("👩‍👩‍👧‍👦", 2), ("🇳🇿", 2), ("👍🏽", 2),
      ("a\u{200B}b", 2), ("①", 1), ("한", 2),
    ])
  func displayWidth(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  private let table = Table(
    columns: [.init("ID"), .init("NAME"), .init("AGE", isRight: true), .init("ZONE", isWide: true)],
    rows: [["1", "佐藤", "9", "Asia/Tokyo"], ["22", "Zoë", "101", ""], ["3", "", "", ""]])

  @Test("a table is aligned by columns, and no line ends in spaces")
  func plainTable() {
    #expect(
      table.lines(isWide: false, paint: .off) == ["ID  NAME  AGE", "1   佐藤    9", "22  Zoë   101", "3"])
  }

  @Test("wide shows all columns")
  func wideTable() {
    #expect(table.lines(isWide: true, paint: .off)[1] == "1   佐藤    9  Asia/Tokyo")
  }

  @Test("colour changes nothing but colour")
  func colouredTable() {
    var coloured = table
    coloured.rows = [[.init("1", .bad), "x"]]
    let lines = coloured.lines(isWide: false, paint: Paint(isOn: true))
    #expect(lines[1] == "\u{1B}[31m1\u{1B}[0m   x")
  }

  @Test(
    "A name may keep its own direction to itself; nothing else that reorders a line passes",
    arguments: [
      ("Hi \u{2068}\u{5d3}\u{5d5}\u{5d3}\u{2069}!", "Hi \u{2068}\u{5d3}\u{5d5}\u{5d3}\u{2069}!"),
      ("open \u{2068}x", "open \\u{2068}x"), ("close x\u{2069}", "close x\\u{2069}"),
      ("\u{2069}x\u{2068}", "\\u{2069}x\\u{2068}"), ("over \u{202e}x", "over \\u{202e}x"),
      ("\u{2068}a\u{1b}[31m\u{2069}", "\\u{2068}a\\u{1b}[31m\\u{2069}"),
    ])
  func isolates(text: String, expected: String) {
    #expect(Printable.escaped(text) == expected)
  }

  @Test("cells cannot steer the terminal")
  func escapedCells() {
    let cell = Table.Cell("a\u{1B}[2J\n\u{202E}b")
    #expect(cell.text == "a\\u{1b}[2J\\u{a}\\u{202e}b")
  }

  @Test(
    "when to colour",
    arguments: [
      (ColourChoice.auto, true, [String: String](), true),
      (.auto, false, [:], false),
      (.auto, true, ["NO_COLOR": "1"], false),
      (.auto, true, ["NO_COLOR": ""], true),
      (.auto, true, ["TERM": "dumb"], false),
      (.always, false, ["NO_COLOR": "1"], true),
      (.never, true, [:], false),
    ])
  func colour(choice: ColourChoice, isTerminal: Bool, environment: [String: String], expected: Bool) {
    #expect(choice.isOn(isTerminal: isTerminal, environment: environment) == expected)
  }

  @Test(
    "the form asked for is found before the line is parsed",
    arguments: [
      (["event", "list", "-o", "json"], OutputFormat.json), (["-ojsonl"], .jsonl), (["--output=yaml"], .yaml),
      (["--output", "name"], .name), (["-o=wide"], .wide), ([], .table), (["-o", "pdf"], .table),
      (["--", "-o", "json"], .table),
    ])
  func requestedFormat(arguments: [String], format: OutputFormat) {
    #expect(OutputFormat.requested(in: arguments) == format)
  }

  @Test(
    "each kind of error has its exit status",
    arguments: [
      (CtlError.Code.failed, Int32(1)), (.unreachable, 3), (.notAllowed, 4), (.notFound, 5), (.conflict, 6),
      (.timeout, 7),
      (.partial, 8), (.invalidArgument, 64), (.unsupported, 1),
    ])
  func exitStatus(code: CtlError.Code, status: Int32) {
    #expect(code.exitStatus.rawValue == status)
  }

  @Test("an error says what, where and what next; for programs as JSON")
  func errorText() {
    let error = CtlError(
      .invalidArgument, "the user was refused", violations: [.init(field: "user.time_zone", reason: "no such zone")],
      hint: "write an IANA name", reason: "INVALID_FIELD")
    #expect(
      ErrorText.text(error, format: .table, paint: .off)
        == "error: the user was refused\n  user.time_zone: no such zone\n  next: write an IANA name")
    #expect(
      ErrorText.text(error, format: .json, paint: .off)
        == #"{"error":{"code":"invalid-argument","exitStatus":64,"message":"the user was refused","#
        + #""reason":"INVALID_FIELD","fieldViolations":[{"field":"user.time_zone","description":"no such zone"}],"#
        + #""next":"write an IANA name"}}"#)
  }

  @Test("a fault that the sentence tells already is not told twice")
  func toldOnce() {
    let error = CtlError(
      .invalidArgument, "queue.reserve: must be 0 to 4000; queue.weight: must be",
      violations: [
        .init(field: "queue.reserve", reason: "must be 0 to 4000"),
        .init(field: "queue.weight", reason: "must be 1 to 9"),
      ])
    #expect(
      ErrorText.plain(error)
        == "error: queue.reserve: must be 0 to 4000; queue.weight: must be\n  queue.weight: must be 1 to 9")
  }

  @Test(
    "JSON is read and written back",
    arguments: [
      #"{"b":1,"a":[true,false,null,-2.5e3,"x\"\\\n"],"c":{},"d":[]}"#, #""ü🦙""#, "12345678901234567890", "[]",
      "[0,-0.5,1E+9,10]",
    ])
  func jsonRoundTrip(text: String) throws {
    #expect(try JSONValue(parsing: Array(text.utf8)).compact == text)
  }

  @Test("escapes of JSON are understood")
  func jsonEscapes() throws {
    #expect(try JSONValue(parsing: #""\ud83e\udd99\u00e9\/\b""#.utf8).text == "🦙é/\u{8}")
    #expect(JSONValue.string("\u{1B}\u{202E}").compact == #""\u001b\u202e""#)
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", "{", "[1,]", "{\"a\"}", "nul", "01x", "\"\\ud83e\"", "\"\u{1}\"", "1 2", "{\"a\":1,}", "\"\\u12\"", "+1", "-",
      "007", "-01", "1.", ".5", "1e", "1e+",
      "1.e5", "0x10", "1e5.5", "2026-11-23",
      String(repeating: "[", count: 100_000),
    ])
  func notJSON(text: String) {
    #expect(throws: JSONValue.ParseError.self) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test("pretty JSON is indented by two")
  func prettyJSON() throws {
    let value = try JSONValue(parsing: Array(#"{"a":[1,{"b":[]}]}"#.utf8))
    #expect(value.pretty == "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ]\n}")
  }

  @Test(
    "a slip finds the name that was meant",
    arguments: [("querry", "query"), ("timezone", "timeZone"), ("zzz", nil), ("sinck", "sink"), ("Kind", "kind")])
  func nearestName(name: String, expected: String?) {
    #expect(NearestName.of(name, in: ["query", "timeZone", "sink", "kind"]) == expected)
  }
}
