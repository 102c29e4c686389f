import PluginKit0
import Testing

@Suite struct JSONTests {
  @Test(
    arguments: [
      ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-12", -12),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .number(-0.0)), ("1.5e3", .number(1500)),
      ("1E-2", .number(0.01)), (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u00e9\u20AC\ud83c\udf82""#, "é€🎂"), (#""日本""#, "日本"), ("[]", []), ("[1, [2]]", [1, [2]]),
      (#"{"a": {"b": [null]}, "c": ""}"#, ["a": ["b": [.null]], "c": ""]), ("{}", [:]),
    ] as [(String, JSONValue)])
  func takesWhatTheGrammarHas(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(
    arguments: [
      ("", .syntax), ("  ", .syntax), ("nul", .syntax), ("truE", .syntax), ("01", .syntax), ("-", .syntax),
      ("1.", .syntax), (".5", .syntax), ("1e", .syntax), ("+1", .syntax), ("0x10", .syntax), ("NaN", .syntax),
      ("1 2", .syntax), ("[1,]", .syntax), ("[1 2]", .syntax), ("[", .syntax), ("{\"a\"}", .syntax),
      ("{\"a\":1,}", .syntax), ("{a:1}", .syntax), ("{\"a\":1", .syntax), ("\"", .syntax), ("\"\\x\"", .syntax),
      ("\"\\u12G4\"", .syntax), ("\"a\nb\"", .syntax), ("'a'", .syntax), ("// c\n1", .syntax), ("\u{FEFF}1", .syntax),
      ("\"\\ud800\"", .encoding), ("\"\\ud800\\u0041\"", .encoding), ("\"\\udc00\"", .encoding), ("1e999", .range),
      ("{\"a\":1,\"a\":2}", .duplicate), ("{\"a\":1,\"\\u0061\":2}", .duplicate),
      (String(repeating: "[", count: 33) + String(repeating: "]", count: 33), .limit),
    ] as [(String, JSONError.Code)])
  func refusesWhatItHasNot(text: String, code: JSONError.Code) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    do {
      _ = try JSONValue(parsing: text)
    } catch {
      #expect(error.code == code)
      #expect(0...text.utf8.count ~= error.offset)
    }
  }

  @Test func repeatedNamesAreFoundAmongMany() {
    let members = (0..<1000).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(throws: Never.self) { try JSONValue(parsing: "{\(members)}") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members),\"k3\":1}") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\(members),\"k900\":1}") }
  }

  @Test func limitsHold() throws {
    let limits = JSONLimits(maxBytes: 20, maxDepth: 2, maxValues: 4)
    #expect(throws: Never.self) { try JSONValue(parsing: "[[1],2]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "[[[1]]]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,2,3,4]", limits: limits) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "\"aaaaaaaaaaaaaaaaaaaaaa\"", limits: limits) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0x5C, 0x6E, 0xED, 0xA0, 0x80, 0x22]] {
      #expect(throws: JSONError.self) { try bytes.withUnsafeBufferPointer { try JSONValue(parsing: $0) } }
    }
  }

  @Test func randomBytesNeverTrapAndWhatIsTakenSurvivesARoundTrip() throws {
    var random = SplitMix(state: 20_261_121)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "u", "d83c", "0", "1", "-", ".", "e", "true", "null", "\"a\"", " ",
      "\u{7F}", "é",
    ]
    var taken = 0
    for _ in 0..<50_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        if Bool.random(using: &random) {
          bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8)
        } else if Int.random(in: 0..<8, using: &random) == 0 {
          bytes.append(UInt8.random(in: .min ... .max, using: &random))
        }
      }
      guard let value = try? bytes.withUnsafeBufferPointer({ try JSONValue(parsing: $0) }) else { continue }
      taken += 1
      #expect(try JSONValue(parsing: value.serialized()) == value)
    }
    #expect(taken > 500)
  }

  @Test func writingIsStableAndEscapes() {
    let value: JSONValue = [
      "z": 1, "a": "q\"\\\n\u{1}\u{1F}é", "n": .number(.nan), "d": .number(0.1), "l": [true, .null],
    ]
    #expect(
      value.serialized() == #"{"z":1,"a":"q\"\\\n\u0001\u001fé","n":null,"d":0.1,"l":[true,null]}"#)
  }

  @Test func objectsKeepOrderWhenChanged() {
    var object = JSONObject()
    object["b"] = 1
    object["a"] = 2
    object["b"] = 3
    object["c"] = nil
    #expect(object.serialized() == #"{"b":3,"a":2}"#)
    object["b"] = nil
    #expect(object.members.map(\.name) == ["a"])
  }

  @Test func wholeNumbersAreReadAsJSONSchemaDoes() {
    #expect(JSONValue.number(2.0).integer == 2)
    #expect(JSONValue.number(2.5).integer == nil)
    #expect(JSONValue.number(1e300).integer == nil)
  }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
