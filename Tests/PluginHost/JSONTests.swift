import Testing

@testable import PluginHost

@Suite("JSON: strict and bounded")
struct JSONTests {
  @Test(
    "What RFC 8259 allows comes back as it was",
    arguments: [
      "null", "[true,false]", "{\"a\":{\"b\":[]},\"é\":\"\\u0001\\\"\\\\\"}", "9223372036854775807", "-0.5", "\"😀\"",
      "{}",
    ])
  func roundTrip(text: String) throws {
    #expect(JSONWriter.text(try JSONParser.parse(" \(text)\n")) == text.replacing("\\u0001", with: "\\u0001"))
  }

  @Test(
    "Escapes, and numbers beyond 64 bits",
    arguments: [
      ("\"\\ud83d\\ude00\\/\\n\"", JSONValue.string("😀/\n")), ("1e2", .double(100)),
      ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("-0", .integer(0)),
    ])
  func values(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(text) == value)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "+1", "1.", ".5", "1e", "1e999", "nul", "\"\\x\"", "\"\n\"",
      "\"a",
      "[1 2]", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "1 2", "NaN", "// c\n1", "[",
      "-",
      "{\"a\"}", "\u{feff}1",
    ])
  func refused(text: String) {
    let error = #expect(throws: PluginHostError.self) { try JSONParser.parse(text) }
    #expect(error?.code == .malformedJSON)
  }

  @Test("Depth and size are bounded")
  func bounds() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(throws: Never.self) { try JSONParser.parse(nested(JSONParser.maximumDepth)) }
    #expect(throws: PluginHostError.self) { try JSONParser.parse(nested(JSONParser.maximumDepth + 1)) }
    #expect(throws: PluginHostError.self) { try JSONParser.parse(nested(100_000)) }
    let long = "\"" + String(repeating: "a", count: JSONParser.maximumBytes) + "\""
    #expect(throws: PluginHostError.self) { try JSONParser.parse(long) }
  }

  @Test("Names that only Unicode calls equal are different members")
  func codePoints() throws {
    guard case .object(let object) = try JSONParser.parse("{\"\u{e9}\":1,\"e\u{301}\":2}") else {
      Issue.record("no object")
      return
    }
    #expect(object.count == 2 && object["e\u{301}"] == .integer(2))
  }

  @Test("The error names line and column")
  func place() {
    let error = #expect(throws: PluginHostError.self) { try JSONParser.parse("{\n  \"a\": tru\n}") }
    #expect(error?.message == "JSON, line 2, column 8: no JSON value begins like this")
  }
}
