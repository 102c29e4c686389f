import CPluginAPI
import Testing

@testable import PluginHost

@Suite("JSON, for plugins without a parser")
struct JSONInterfaceTests {
  /// What a call handed over, and what it answered.
  private struct Answer: Equatable {
    var status = CARILLON_OK
    var text: String?
  }

  /// Calls with a `take` that keeps the text.
  private static func taken(
    _ call: (carillon_take_text, UnsafeMutableRawPointer) -> carillon_status
  ) -> Answer {
    var answer = Answer()
    let take: carillon_take_text = { context, text in
      context?.assumingMemoryBound(to: Answer.self).pointee.text = text.text(maximumBytes: 1_000)
    }
    let status = withUnsafeMutablePointer(to: &answer) { call(take, UnsafeMutableRawPointer($0)) }
    answer.status = status
    return answer
  }

  private static let document =
    #"{"a/b": {"~": [1, 2.5, true, null, "x\n\u00e9"]}, "n": -9223372036854775808, "e": {}}"#

  @Test(
    "JSON is read by pointers: kinds, numbers and counts",
    arguments: [
      ("", CARILLON_JSON_OBJECT, 0, 3), ("/a~1b", CARILLON_JSON_OBJECT, 0, 1), ("/a~1b/~0", CARILLON_JSON_ARRAY, 0, 5),
      ("/a~1b/~0/0", CARILLON_JSON_INTEGER, 1, 0), ("/a~1b/~0/1", CARILLON_JSON_NUMBER, 0, 0),
      ("/a~1b/~0/2", CARILLON_JSON_BOOL, 1, 0), ("/a~1b/~0/3", CARILLON_JSON_NULL, 0, 0),
      ("/a~1b/~0/4", CARILLON_JSON_STRING, 0, 4), ("/n", CARILLON_JSON_INTEGER, Int64.min, 0),
    ] as [(String, Int32, Int64, UInt64)])
  func json(pointer: String, kind: Int32, integer: Int64, count: UInt64) throws {
    let host = HostInterfaceTests.host()
    let json = try HostInterfaceTests.table(host, CARILLON_HOST_JSON_1, carillon_host_json_1.self)
    var value = carillon_json()
    value.struct_size = UInt32(MemoryLayout<carillon_json>.size)
    let status = carillon_str.with(Self.document) { document in
      carillon_str.with(pointer) { json.get(json.context, document, $0, &value, nil) }
    }
    #expect(status == CARILLON_OK && value.kind == kind && value.integer == integer && value.count == count)
    if kind == CARILLON_JSON_NUMBER { #expect(value.number == 2.5) }
    // A plugin of an older header has a smaller structure: nothing is written behind it.
    var small = carillon_json(struct_size: 8, kind: 0, integer: 77, number: 0, count: 0)
    _ = carillon_str.with(Self.document) { document in
      carillon_str.with(pointer) { json.get(json.context, document, $0, &small, nil) }
    }
    #expect(small.kind == kind && small.integer == 77 && small.struct_size == 8)
  }

  @Test("JSON's texts and names are handed over once; what is not there, and what is no JSON, is told apart")
  func jsonTexts() throws {
    let host = HostInterfaceTests.host()
    let json = try HostInterfaceTests.table(host, CARILLON_HOST_JSON_1, carillon_host_json_1.self)
    func text(_ pointer: String, in document: String = Self.document) -> Answer {
      Self.taken { take, context in
        carillon_str.with(document) { document in
          carillon_str.with(pointer) { json.text(json.context, document, $0, take, context, nil) }
        }
      }
    }
    func name(_ pointer: String, _ index: UInt64) -> Answer {
      Self.taken { take, context in
        carillon_str.with(Self.document) { document in
          carillon_str.with(pointer) { json.name(json.context, document, $0, index, take, context, nil) }
        }
      }
    }
    #expect(text("/a~1b/~0/4") == Answer(text: "x\n\u{e9}"))
    #expect(text("/a~1b") == Answer(text: #"{"~":[1,2.5,true,null,"x\u000aé"]}"#))
    #expect(name("", 2) == Answer(text: "e") && name("/a~1b", 0) == Answer(text: "~"))
    for pointer in ["/x", "/a~1b/~0/5", "/a~1b/~0/01", "/a~1b/~0/-", "/n/0", "/e/"] {
      #expect(text(pointer) == Answer(status: CARILLON_NOT_FOUND), "\(pointer)")
    }
    #expect(name("/n", 0).status == CARILLON_NOT_FOUND && name("", .max).status == CARILLON_NOT_FOUND)
    for pointer in ["a", "/~", "/~2", String(repeating: "/a", count: 4_000)] {
      #expect(text(pointer) == Answer(status: CARILLON_INVALID), "\(pointer.prefix(8))")
    }
    for document in ["", "{", "{} {}", #"{"a": 1, "a": 2}"#, String(repeating: "[", count: 300_000)] {
      #expect(text("", in: document) == Answer(status: CARILLON_INVALID), "\(document.prefix(20))")
    }
  }

  @Test("JSON's errors have their place; texts are quoted for those who write")
  func jsonErrors() throws {
    let host = HostInterfaceTests.host()
    let json = try HostInterfaceTests.table(host, CARILLON_HOST_JSON_1, carillon_host_json_1.self)
    let error = #expect(throws: PluginHostError.self) {
      try ErrorCollector.check("p", "validate") { collector in
        var value = carillon_json()
        value.struct_size = UInt32(MemoryLayout<carillon_json>.size)
        return carillon_str.with("{\n \"a\": }") { json.get(json.context, $0, carillon_str(), &value, collector) }
      }
    }
    #expect(error?.message.contains("line 2") == true, "\(String(describing: error))")
    let quoted = Self.taken { take, context in
      carillon_str.with("a\"\\\n\u{1F514}") { json.quote(json.context, $0, take, context) }
    }
    #expect(quoted == Answer(text: #""a\"\\\u000a🔔""#))
    let malformed: [CChar] = [-1, -2]
    let refused = malformed.withUnsafeBufferPointer { bytes in
      Self.taken { json.quote(json.context, carillon_str(ptr: bytes.baseAddress, len: 2), $0, $1) }
    }
    #expect(refused == Answer(status: CARILLON_INVALID))
  }
}
