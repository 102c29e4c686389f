import EventModel
import Store
import SwiftProtobuf
import Testing

@testable import ControlPlane

@Suite struct ValuesTests {
  @Test(arguments: [
    ("namespaces/a/users/x", ResourceKind.user), ("namespaces/a/users/mail:x@y.org", .user),
    ("namespaces/a/schedules/s", .schedule), ("namespaces/a/sinks/hook", .sink),
    ("namespaces/a/subscriptions/s", .subscription), ("namespaces/a/events/evt_1_k", .event), ("queues/q", .queue),
    ("plugins/birthday", .plugin), ("agents/host-1", .agent), ("namespaces/a", .namespace),
  ])
  func namesAreReadAndWritten(_ text: String, _ kind: ResourceKind) throws {
    #expect(try ResourceName(text, kind: kind, field: "name").text == text)
  }

  @Test(arguments: [
    ("", ResourceKind.user), ("ada", .user), ("users/ada", .user), ("namespaces/a/users/", .user),
    ("namespaces//users/x", .user), ("namespaces/A/users/x", .user), ("namespaces/a/users/x/y", .user),
    ("namespaces/a/schedules/x", .user), ("/namespaces/a/users/x", .user), ("namespaces/a/users/é", .user),
    ("queues/High", .queue), ("queues/", .queue), ("queues/a/b", .queue), ("namespaces/a/events/evt_", .event),
    ("namespaces/", .namespace), ("plugins/", .plugin),
  ])
  func otherTextsAreRefusedByTheirField(_ text: String, _ kind: ResourceKind) {
    let error = #expect(throws: ModelError.self) { try ResourceName(text, kind: kind, field: "where") }
    #expect(error?.violations.map(\.field) == ["where"])
  }

  @Test func nameErrorsSayTheForm() {
    let error = #expect(throws: ModelError.self) { try ResourceName("ada", kind: .user, field: "name") }
    #expect(error?.description.contains("namespaces/{namespace}/users/{user}") == true)
  }

  @Test(arguments: [
    (7.0, "7"), (-0.0, "0"), (0.5, "0.5"), (1e15, "1000000000000000"), (9_007_199_254_740_992, "9007199254740992"),
    (1e300, "1e+300"), (-2.25, "-2.25"),
  ])
  func numbersAreWrittenAsPeopleMeantThem(_ number: Double, _ text: String) throws {
    let document: Google_Protobuf_Struct = ["n": .init(numberValue: number)]
    #expect(try StructJSON.text(of: document, field: "d", maximumBytes: 100) == "{\"n\":\(text)}")
  }

  @Test func documentsComeBackAsTheyWere() throws {
    let document: Google_Protobuf_Struct = [
      "text": "a \"quoted\" \\ line\nbreak \u{1} é 🎂",
      "list": Google_Protobuf_Value(listValue: [1, true, nil, "x", Google_Protobuf_Value(structValue: [:])]),
      "nested": Google_Protobuf_Value(structValue: ["a": Google_Protobuf_Value(structValue: ["b": 2.5])]),
    ]
    let text = try StructJSON.text(of: document, field: "d", maximumBytes: 1_000)
    #expect(try StructJSON.document(of: text) == document)
    #expect(text.hasPrefix(#"{"list":[1,true,null,"x",{}],"nested":{"a":{"b":2.5}},"text":"a \"quoted\""#))
  }

  @Test(arguments: ["[1]", "{", "7", "{\"a\":}"])
  func damagedTextsAreAnError(_ text: String) {
    #expect(throws: StructJSONError.self) { try StructJSON.document(of: text) }
  }

  @Test func timesAreExactToTheMicrosecond() throws {
    for microseconds: Int64 in [0, 1, -1, 1_777_636_800_123_456, -62_135_596_800_000_000] {
      let time = Timestamp(microseconds: microseconds)
      #expect(try Timestamp(Google_Protobuf_Timestamp(time), field: "t") == time)
      let span = TimeSpan(microseconds: microseconds)
      #expect(try TimeSpan(Google_Protobuf_Duration(span), field: "d") == span)
    }
  }

  @Test(arguments: [(Int64.max, Int32(0)), (.min, 0), (0, -1), (0, 1_000_000_000), (253_402_300_800, 0)])
  func timesBeyondTheCalendarAreRefused(_ seconds: Int64, _ nanos: Int32) {
    #expect(throws: ModelError.self) {
      try Timestamp(Google_Protobuf_Timestamp(seconds: seconds, nanos: nanos), field: "t")
    }
  }

  @Test func aListInMemoryIsPagedToItsEnd() throws {
    let items = Array(0..<25)
    var seen: [Int] = []
    var token = ""
    repeat {
      let request = try PageToken.request(size: 10, token: token, listing: ["x"])
      let page = try PageToken.page(of: items, request)
      seen += page.items
      token = PageToken.token(next: page.next, listing: ["x"])
    } while !token.isEmpty
    #expect(seen == items)
  }

  @Test func aCutTextStaysWholeCharacters() {
    #expect(Failure.cut("short", 10) == "short")
    #expect(Failure.cut("🎂🎂🎂🎂", 12) == "🎂🎂...")
    #expect(Failure.cut("👩‍👩‍👧", 8) == "...")
  }

  @Test func theGateLetsNoMoreInThanItHolds() {
    let gate = Gate(limit: 2)
    #expect(gate.enter() && gate.enter() && !gate.enter())
    gate.leave()
    #expect(gate.enter())
  }

  @Test(arguments: [(UInt32(1_000), true), (0, true), (1_001, false)])
  func onlyTheOwnerAndRootAreAdmitted(_ user: UInt32, _ admitted: Bool) {
    let check = PeerCheck(owner: 1_000, logger: quiet)
    #expect(check.admits(PeerCheck.Credentials(process: 1, user: user, group: 5)) == admitted)
  }
}
