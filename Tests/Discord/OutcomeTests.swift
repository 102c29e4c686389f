import Foundation
import HTTPTransport
import PluginKit0
import Testing

@testable import DiscordPlugin

/// The outcome table: each of its rows against the emulator, and the documentation's against the code's.
@Suite("What Discord's answers mean")
struct OutcomeTests {
  /// One answer, and what it means.
  struct Row: Sendable, CustomTestStringConvertible {
    var script: String
    var kind: DiscordOutcome
    var outcome: Outcome
    var code: String
    var testDescription: String { script }
  }

  static let rows = [
    Row(script: #""ok""#, kind: .delivered, outcome: .delivered, code: "http-200"),
    Row(script: #""html""#, kind: .delivered, outcome: .delivered, code: "http-200"),
    Row(script: #""redirect""#, kind: .redirected, outcome: .retry, code: "http-302"),
    Row(script: "400", kind: .refused, outcome: .permanent, code: "http-400"),
    Row(script: "413", kind: .refused, outcome: .permanent, code: "http-413"),
    Row(script: "401", kind: .denied, outcome: .permanent, code: "endpoint-fault-401"),
    Row(script: "403", kind: .denied, outcome: .permanent, code: "endpoint-fault-403"),
    Row(script: "404", kind: .gone, outcome: .sinkDisabled, code: "discord-10015"),
    Row(script: #""gone-code""#, kind: .gone, outcome: .sinkDisabled, code: "discord-10015"),
    Row(script: #""bad-token""#, kind: .gone, outcome: .sinkDisabled, code: "discord-50027"),
    Row(script: "405", kind: .other, outcome: .permanent, code: "http-405"),
    Row(script: "408", kind: .failing, outcome: .retry, code: "http-408"),
    Row(script: "425", kind: .failing, outcome: .retry, code: "http-425"),
    Row(script: "500", kind: .failing, outcome: .retry, code: "http-500"),
    Row(script: "502", kind: .failing, outcome: .retry, code: "http-502"),
    Row(script: #""429-shared""#, kind: .limited, outcome: .throttled, code: "http-429"),
    Row(script: #""429-remaining""#, kind: .limited, outcome: .throttled, code: "http-429"),
    Row(script: #""429-global""#, kind: .limitedOverall, outcome: .throttled, code: "http-429-global"),
    Row(script: #""429-edge""#, kind: .limitedOverall, outcome: .throttled, code: "http-429-global"),
    Row(script: #""late""#, kind: .unanswered, outcome: .unknown, code: "no-answer-timeout"),
  ]

  @Test("the whole table, over HTTP", arguments: rows)
  func overHTTP(_ row: Row) throws {
    try Stage.with(1, #", "timeout_ms": 700"#) { stage in
      try stage.emulator.set(1, #""script": [\#(row.script)]"#)
      try stage.deliver([Sample.delivery(1)])
      let result = try #require(stage.host.results[1])
      #expect(result.outcome == row.outcome && result.code == row.code, "\(result)")
      #expect(row.kind.outcome(isOwnAddress: true) == row.outcome)
      #expect(stage.host.completions.count == 1)
    }
  }

  @Test("a server that is not there, and one that may not be reached")
  func transport() throws {
    try Stage.with(nil) { stage in
      let closed = "http://127.0.0.1:1/api/webhooks/1/token"
      let inside = "http://169.254.169.254/api/webhooks/1/token"
      try stage.deliver([Sample.delivery(1, endpoint: closed), Sample.delivery(2, endpoint: inside)])
      #expect(stage.host.results[1]?.outcome == .retry && stage.host.results[1]?.code == "connect")
      #expect(stage.host.results[2]?.outcome == .permanent && stage.host.results[2]?.code == "address-refused")
    }
  }

  @Test(
    "what was sent in full and got no answer is unknown, whatever the reason", arguments: HTTPFailure.Reason.allCases)
  func failures(_ reason: HTTPFailure.Reason) {
    guard reason != .addressRefused else { return }
    #expect(DiscordVerdict(HTTPFailure(reason, requestSent: true)).outcome == .unanswered)
    let unsent = DiscordVerdict(HTTPFailure(reason)).outcome
    #expect(unsent == (reason == .cancelled ? .cancelled : .unsent))
  }

  @Test("the documentation has the same table")
  func documented() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let page = try String(contentsOf: root.appendingPathComponent("docs/sinks/discord.md"), encoding: .utf8)
    let lines = page.split(separator: "\n").drop { $0 != "## Outcomes" }
    let cells = lines.filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let documented = cells.dropFirst().map { "\($0[0]): \($0[2])" }
    #expect(documented == DiscordOutcome.allCases.map { "\($0.rawValue): \(Self.words($0))" })
  }

  private static func words(_ kind: DiscordOutcome) -> String {
    let own = kind.outcome(isOwnAddress: true)
    return own == .sinkDisabled ? "sink disabled, or endpoint disabled for a user's own address" : "\(own)"
  }

  @Test(
    "a named wait is the body's, else the header's, and never shortened below it",
    arguments: [
      (#"{"retry_after": 1.2345}"#, "9", 1_235), ("", "9", 9_000), (#"{"retry_after": -1}"#, nil, 5_000),
      (#"{"retry_after": 1e300}"#, nil, 86_400_000), ("[]", "x", 5_000), (#"{"retry_after": 0}"#, nil, 0),
    ] as [(String, String?, Int64)])
  func waits(_ body: String, _ header: String?, _ wait: Int64) {
    let answer = DiscordAnswer(HTTPAnswer(status: 429, retryAfter: header, body: Array(body.utf8)))
    #expect(answer.rates.wait == wait)
  }

  @Test(
    "an answer that is no proper one does no harm",
    arguments: [
      "", "{", "[]", #"{"retry_after": -1}"#, #"{"retry_after": 1e300}"#, #"{"code": "x", "id": 5}"#,
      #"{"errors": {"embeds": {"99": {"_errors": [{"message": "no"}]}}}}"#, #"{"errors": {"embeds": {"x": {}}}}"#,
    ])
  func oddBodies(_ body: String) {
    for status in [200, 302, 400, 401, 404, 429, 500] {
      let verdict = DiscordVerdict(DiscordAnswer(HTTPAnswer(status: status, body: Array(body.utf8))))
      #expect((verdict.outcome == .delivered) == (status == 200))
      #expect(verdict.wait ?? 0 <= DiscordAnswer.longestWait)
    }
  }

  @Test("what Discord shows of a fault has nothing in it that a terminal would act on")
  func shownFaults() {
    let body =
      #"{"code": 50035, "errors": {"embeds": {"3": {"description": {"_errors": [{"message": "a\u001b[2J\nb"}]}}}}}"#
    let verdict = DiscordVerdict(DiscordAnswer(HTTPAnswer(status: 400, body: Array(body.utf8))))
    #expect(verdict.refusals == [3: "embeds.3.description: a [2J b"] && verdict.outcome == .refusedEmbeds)
  }
}
