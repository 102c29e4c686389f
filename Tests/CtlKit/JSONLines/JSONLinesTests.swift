import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("JSON Lines")
struct JSONLinesTests {
  private func told(_ text: String) -> [String] { SourceReading(.jsonl, Array(text.utf8)).notes.map(\.description) }

  @Test("users with schedules, schedules alone, and what `ctl user list` writes; faults by line")
  func records() throws {
    let reading = SourceReading(.jsonl, try Fixture.bytes("records.jsonl"))
    #expect(reading.entries.map(\.line) == [1, 2, 4])
    #expect(reading.entries.map(\.label) == ["Ada", "stand-up", "Bob"])
    #expect(reading.entries[0].names == ["namespaces/default/users/ada"])
    #expect(reading.entries[0].item.schedules.map(\.user) == ["namespaces/default/users/ada"])
    let standUp = reading.entries[1].item
    #expect(!standUp.hasUser)
    #expect(standUp.schedules.map(\.timeZone) == ["Europe/Berlin"])
    #expect(standUp.schedules[0].definition.fields["repeat"]?.stringValue == "FREQ=WEEKLY;BYDAY=MO")
    #expect(reading.entries[2].item.user.etag.isEmpty)
    #expect(
      reading.notes.map(\.description) == [
        "line 5: displayname: is not known; did you mean \"displayName\"?",
        "line 6: dates: is not what the API takes there: \"{\"birth\":5}\"",
        "line 7: is no JSON: an object does not end at byte 11",
        "line 8: must be a JSON object",
        "line 9: a record \"event\" of an export is not taken",
        "line 10: id: is there twice",
        "line 11: schedules[0].catchUp: is not what the API takes there: \"{\"mode\":\"MODE_SKIP\",\"windw\":\"1s\"}\"",
        "line 12: id: is missing",
        "line 13: \"ada\" was on an earlier line",
      ])
    #expect(reading.notes.map(\.kind).filter { $0 == .itemSkipped }.count == 2)
  }

  @Test(
    "each fault names its member",
    arguments: [
      (#"{"id":"a","name":"a"}"#, "line 1: id: and name say the same; write one of them"),
      (#"{"id":7}"#, "line 1: id: must be a text"),
      (#"{"id":"a/b"}"#, "line 1: id: \"a/b\" is no name of a user"),
      (#"{"id":"a","schedules":{}}"#, "line 1: schedules: must be a list"),
      (#"{"id":"a","schedules":[5]}"#, "line 1: schedules[0]: must be an object"),
      (#"{"id":"a","schedules":[{"eventType":"birthday"}]}"#, "line 1: schedules[0].id: is missing"),
      (
        #"{"id":"a","schedules":[{"id":"s","user":"b"}]}"#,
        "line 1: schedules[0].user: must be left out, or the user of the line"
      ),
      (
        #"{"schedule":{"id":"s","evnetType":"birthday"}}"#,
        "line 1: schedule.evnetType: is not known; did you mean \"eventType\"?"
      ),
      (#"{"schedule":[]}"#, "line 1: schedule: must be an object"),
      (#"{"schedules":[]}"#, "line 1: id: is missing"), ("[]", "line 1: must be a JSON object"),
      ("7", "line 1: must be a JSON object"),
    ])
  func faults(text: String, expected: String) { #expect(told(text) == [expected]) }

  @Test("each limit refuses its line, and no other")
  func limits() throws {
    let deep = #"{"id":"a","definition":"# + String(repeating: "[", count: 100_000)
    let long = #"{"id":""# + String(repeating: "x", count: JSONLinesLimits.maxLineBytes) + "\"}"
    let wide = "{" + (0...JSONLinesLimits.maxMembers).map { "\"m\($0)\":1" }.joined(separator: ",") + "}"
    let many = #"{"id":"a","schedules":["# + (0...100).map { "{\"id\":\"s\($0)\"}" }.joined(separator: ",") + "]}"
    let reading = SourceReading(
      .jsonl, Array([deep, long, wide, many, #"{"id":"good"}"#].joined(separator: "\n").utf8))
    #expect(reading.entries.map(\.line) == [5])
    let told = reading.notes.map(\.reason)
    #expect(told.count == 4)
    #expect(told[0].contains("nested deeper than 64"))
    #expect(told[1] == "is longer than 262144 bytes")
    #expect(told[2] == "more than 256 members")
    #expect(told[3] == "schedules: must be at most 100")
  }

  @Test("records are imported, and again without a change; schedules alone too")
  func imported() async throws {
    try await FakeAgent.serve { agent, ctl in
      let path = Fixture.folder.appending(path: "records.jsonl").path
      let first = try await ctl("import", path)
      #expect(first.status == 8)
      #expect(first.lines.first == "line 1: Ada: created")
      #expect(first.lines.last == "3 created, 0 updated, 0 unchanged, 2 skipped, 7 failed, 0 notes")
      #expect(agent.with { $0.users.count == 2 && $0.schedules.count == 2 })
      #expect(
        try await ctl("import", path).lines.last == "0 created, 0 updated, 3 unchanged, 2 skipped, 7 failed, 0 notes")
    }
  }

  @Test("messages stay within the agent's bound, whatever the lines are")
  func batches() async throws {
    let text = (0..<40).map {
      "{\"id\":\"u\($0)\",\"attributes\":{\"a\":\"\(String(repeating: "x", count: 200_000))\"}}\n"
    }
    .joined()
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl("import", "-", input: text)
      #expect(result.status == 0, "\(result.errors)")
      let messages = agent.requests(Carillon_V1_ImportUsersRequest.self)
      #expect(messages.map(\.items.count).reduce(0, +) == 40)
      #expect(messages.allSatisfy { $0.items.count <= 5 })
    }
  }
}
