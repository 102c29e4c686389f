import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Dead letters")
struct DeadLetterTests {
  private static func letter(_ number: Int, sink: String, code: String, died: Int64) -> Carillon_V1_DeadLetter {
    .with {
      $0.name = "namespaces/default/deadLetters/\(number)"
      $0.event = "namespaces/default/events/e\(number)"
      $0.user = "namespaces/default/users/ada"
      $0.eventType = "birthday"
      $0.sink = "namespaces/default/sinks/\(sink)"
      $0.code = code
      $0.detail = "gone"
      $0.dieTime = .init(seconds: died)
      $0.attempts = 3
      $0.title = "Happy birthday"
      $0.text = "Two\nlines \u{1B}[2J"
      $0.steps = [.with { $0.what = "dead" }]
    }
  }

  private func withLetters(_ body: (FakeAgent, CtlRunner) async throws -> Void) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.deadLetters = [
          Self.letter(5, sink: "hook", code: "http-410", died: 1_779_999_000),
          Self.letter(4, sink: "mail", code: "smtp-550", died: 1_779_998_000),
          Self.letter(3, sink: "hook", code: "http-500", died: 1_779_997_000),
          Self.letter(2, sink: "hook", code: "http-410", died: 1_779_000_000),
          Self.letter(1, sink: "hook", code: "http-410", died: 1_778_000_000),
        ]
      }
      try await body(agent, ctl)
    }
  }

  private func left(_ agent: FakeAgent) -> [String] { agent.with { $0.deadLetters.map { ResourceName.id($0.name) } } }

  @Test(
    "a list is chosen by sink, code, age and user",
    arguments: [
      ([], ["5", "4", "3", "2", "1"]), (["--sink", "hook"], ["5", "3", "2", "1"]), (["--code", "smtp-550"], ["4"]),
      (["--since", "1h"], ["5", "4", "3"]), (["--user", "bob"], []),
      (["--code", "http-410", "--since", "1h", "--user", "ada"], ["5"]), (["--limit", "2"], ["5", "4"]),
    ])
  func list(flags: [String], expected: [String]) async throws {
    try await withLetters { _, ctl in
      let listed = try await ctl.run(["dead-letter", "list", "-o", "name"] + flags)
      #expect(listed.status == 0, "\(listed.errors)")
      #expect(listed.lines.map(ResourceName.id) == expected)
    }
  }

  @Test("one is shown whole, and cannot steer the terminal")
  func show() async throws {
    try await withLetters { _, ctl in
      let shown = try await ctl("dead-letter", "show", "5")
      #expect(shown.output.contains("http-410"))
      #expect(shown.output.contains("  text:\n    Two\n    lines \\u{1b}[2J\n"))
      #expect(shown.output.contains("dead"))
      let missing = try await ctl("dead-letter", "show", "99")
      #expect(missing.status == 5)
      #expect(missing.errors.contains("ctl dead-letter list --namespace default"))
    }
  }

  @Test("one is replayed at once; several are asked about")
  func replay() async throws {
    try await withLetters { agent, ctl in
      let one = try await ctl("dead-letter", "replay", "5")
      #expect(one.lines == ["ID  EFFECT    EVENT", "5   replayed  e5"], "\(one.errors)")
      #expect(try await ctl("dead-letter", "replay", "4", "3").status == 64)
      #expect(try await ctl("dead-letter", "replay", "4", "3", input: "no\n", isTerminal: true).status == 1)
      #expect(left(agent) == ["4", "3", "2", "1"])
      let asked = try await ctl("dead-letter", "replay", "4", "3", "4", input: "y\n", isTerminal: true)
      #expect(asked.errors.contains("Send 2 dead letters again, at 50/s? [y/N]"))
      #expect(left(agent) == ["2", "1"])
      #expect(try await ctl("dead-letter", "replay", "5").status == 5)
    }
  }

  @Test("--all is one call to the agent, at the rate, for what the filters choose; the sum is told")
  func replayAll() async throws {
    try await withLetters { agent, ctl in
      agent.with { $0.stuckLetters = ["namespaces/default/deadLetters/2"] }
      let some = try await ctl("dead-letter", "replay", "--all", "--code", "http-410", "--rate", "1000/s", "--yes")
      #expect(some.status == 8)
      #expect(some.lines == ["replayed 2 of 3; it was too late for 1, or they are gone"])
      #expect(some.errors.contains("2 of 3 were replayed"))
      #expect(left(agent) == ["4", "3", "2"])
      let request = try #require(agent.requests(Carillon_V1_ReplayDeadLettersRequest.self).first)
      #expect(request.code == "http-410" && request.ratePerSecond == 1_000)
      // What dies again while it runs is not sent again by the same call.
      #expect(request.diedBefore.seconds == 1_780_000_000)
      #expect(agent.requests(Carillon_V1_ReplayDeadLetterRequest.self).isEmpty)
      let json = try await ctl("dead-letter", "replay", "--all", "--sink", "hook", "--yes", "-o", "json")
      #expect(json.status == 8)
      #expect(
        try JSONValue(parsing: json.output.utf8).compact == #"{"matched":"2","changed":"1","refused":"1","done":true}"#)
      let stuck = try await ctl("dead-letter", "replay", "--all", "--code", "http-410", "--yes")
      #expect(stuck.status == 6)
      let none = try await ctl("dead-letter", "replay", "--all", "--code", "nothing", "--yes")
      #expect(none.status == 0)
      #expect(none.output == "there are none\n")
    }
  }

  @Test("one is discarded with its reason; several are asked about")
  func discard() async throws {
    try await withLetters { agent, ctl in
      let one = try await ctl("dead-letter", "discard", "5", "--reason", "endpoint gone")
      #expect(one.lines == ["ID  EFFECT", "5   discarded"])
      #expect(agent.requests(Carillon_V1_DiscardDeadLetterRequest.self).first?.reason == "endpoint gone")
      #expect(try await ctl("dead-letter", "discard", "--all", "--sink", "hook").status == 64)
      #expect(try await ctl("dead-letter", "discard", "--all", "--sink", "hook", "--yes").lines == ["discarded 3 of 3"])
      #expect(left(agent) == ["4"])
    }
  }

  @Test("who may not is told once, and the rest is left alone")
  func notAllowed() async throws {
    try await withLetters { agent, ctl in
      let denied = GoogleRPCStatus(code: .permissionDenied, message: "viewers may not", details: [])
      agent.with { $0.failure = denied }
      let refused = try await ctl("dead-letter", "discard", "5", "4", "--yes")
      #expect(refused.status == 4)
      #expect(agent.requests(Carillon_V1_DiscardDeadLetterRequest.self).count == 1)
      #expect(left(agent).count == 5)
    }
  }

  @Test(
    "which ones must be said, and how fast within bounds",
    arguments: [
      [], ["5", "--all"], ["5", "--sink", "hook"], ["--all", "--rate", "0/s"], ["--all", "--rate", "1001/s"],
      ["--all", "--rate", "5/h"], ["--all", "--rate", "fast"],
    ])
  func usage(flags: [String]) async throws {
    try await withLetters { agent, ctl in
      let refused = try await ctl.run(["dead-letter", "replay", "--yes"] + flags)
      #expect(refused.status == 64)
      #expect(left(agent).count == 5)
    }
  }

  @Test("a pace spaces the calls", arguments: [("50/s", 10, 200), ("600/m", 1, 100), ("4", 2, 500), ("1000/s", 1, 1)])
  func pace(text: String, index: Int, milliseconds: Int64) throws {
    #expect(try #require(PaceArgument(argument: text)).delay(before: index) == .milliseconds(milliseconds))
  }
}
