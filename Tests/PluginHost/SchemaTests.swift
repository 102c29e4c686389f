import Testing

@testable import PluginHost

@Suite("JSON Schema: what the host refuses, says and hides")
struct SchemaTests {
  @Test(
    "A schema beyond the subset is refused, naming the keyword and where it stands",
    arguments: [
      ("{\"contains\":{}}", "/contains"),
      ("{\"properties\":{\"a\":{\"unevaluatedItems\":false}}}", "/properties/a/unevaluatedItems"),
      ("{\"typ\":\"object\"}", "/typ"), ("{\"$ref\":\"https://example.org/s\"}", "/$ref"),
      ("{\"$ref\":\"#/$defs/missing\"}", "/$ref"), ("{\"$ref\":\"#\"}", "(root)"),
      ("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema"),
      ("{\"pattern\":\"(?=a)\"}", "/pattern"),
      ("{\"items\":{\"$id\":\"x\"}}", "/items/$id"), ("3", "(root)"),
      ("{\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}},\"$ref\":\"#/$defs/a\"}", "refers to itself"),
    ])
  func refused(schema: String, place: String) {
    let error = #expect(throws: PluginHostError.self) { try JSONSchema(text: schema) }
    #expect(error?.code == .unsupportedSchema && error?.message.contains(place) == true, "\(String(describing: error))")
  }

  @Test("All faults at once, each with its place and what is allowed")
  func allFaults() throws {
    let schema = try JSONSchema(
      text: """
        {"type": "object", "required": ["url"], "additionalProperties": false, "properties": {
          "url": {"type": "string", "pattern": "^https://"}, "retries": {"type": "integer", "maximum": 10},
          "format": {"enum": ["plain", "cloudevents"]}, "headers": {"type": "object", "propertyNames": {"pattern": "^[A-Za-z-]+$"}}}}
        """)
    let document = """
      {"ulr": "x", "retries": 11, "format": "plane", "headers": {"a b": 1}}
      """
    let found = schema.violations(in: try JSONParser.parse(document)).map { "\($0.pointer) \($0.code): \($0.message)" }
    #expect(
      found == [
        "/url required: is required", "/ulr additionalProperties: is unknown; did you mean \"url\"?",
        "/retries maximum: must be at most 10",
        "/format enum: must be one of \"plain\", \"cloudevents\"; did you mean \"plain\"?",
        "/headers/a b propertyNames: is no allowed name",
      ])
  }

  @Test("Faults are bounded in number")
  func bounded() throws {
    let schema = try JSONSchema(text: "{\"items\":{\"type\":\"string\"}}")
    let violations = schema.violations(in: .array(Array(repeating: .null, count: 1_000)))
    #expect(violations.count == PluginHostError.maximumViolations)
  }

  @Test("A schema that multiplies work without end is cut off, and the value refused")
  func exhausted() throws {
    let schema = try JSONSchema(
      text: """
        {"$defs": {"a": {"anyOf": [{"items": {"$ref": "#/$defs/a"}, "maxItems": 0},
          {"items": {"$ref": "#/$defs/a"}, "maxItems": 0}]}}, "$ref": "#/$defs/a"}
        """)
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(!schema.violations(in: try JSONParser.parse(deep)).isEmpty)
  }

  @Test("A tree is described by a schema that refers to itself")
  func recursive() throws {
    let schema = try JSONSchema(
      text: "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}")
    #expect(schema.violations(in: try JSONParser.parse("{\"next\":{\"next\":{}}}")).isEmpty)
    let found = schema.violations(in: try JSONParser.parse("{\"next\":{\"next\":{\"x\":1}}}"))
    #expect(found.map(\.pointer) == ["/next/next/x"])
  }

  @Test("What a schema marks writeOnly is hidden wherever it may stand")
  func redacted() throws {
    let schema = try JSONSchema(
      text: """
        {"$defs": {"secret": {"type": "string", "writeOnly": true}}, "properties": {"token": {"$ref": "#/$defs/secret"},
         "url": {"type": "string"}, "keys": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/secret"}, {"type": "null"}]}}},
         "patternProperties": {"^x-": {"writeOnly": true}}, "additionalProperties": {"properties": {"in": {"writeOnly": true}}}}
        """)
    let text = "{\"token\":\"t\",\"url\":\"u\",\"keys\":[\"k\",null],\"x-a\":{\"b\":1},\"else\":{\"in\":1,\"out\":2}}"
    let hidden = "\"(hidden)\""
    let expected =
      "{\"token\":\(hidden),\"url\":\"u\",\"keys\":[\(hidden),\(hidden)],\"x-a\":\(hidden),\"else\":{\"in\":\(hidden),\"out\":2}}"
    #expect(schema.redacted(text) == expected)
    #expect(schema.redacted("{\"token\":\"t\"") == hidden)
  }
}
