import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct DeadLettersTests {
  /// An event for Ada that failed for good at the sink `hook`.
  static func withDeadLetter(_ body: @Sendable (Rig, Carillon_V1_DeadLetter) async throws -> Void) async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var request = Sample.createEvent("key")
      request.user = "\(Rig.parent)/users/ada"
      _ = try await rig.events.createEvent(request)
      try await Owner(rig).die(at: try await rig.store.sink(namespace: "test", name: "hook").number)
      let listed = try await rig.deadLetters.listDeadLetters(.with { $0.parent = Rig.parent }).deadLetters
      try await body(rig, try #require(listed.first))
    }
  }

  @Test func itIsListedBrieflyAndGotWhole() async throws {
    try await Self.withDeadLetter { rig, listed in
      #expect(listed.code == "http-410" && listed.detail == "gone" && listed.sink == "hook" && listed.attempts == 1)
      #expect(listed.user == "namespaces/test/users/ada" && listed.eventType == "notification")
      #expect(listed.title.isEmpty && listed.steps.isEmpty)
      let whole = try await rig.deadLetters.getDeadLetter(.with { $0.name = listed.name })
      #expect(whole.title == "Hello Ada" && whole.text == "Happy birthday" && whole.data == #"{"age":36}"#)
      #expect(whole.steps.map(\.what) == ["planned", "claimed", "dead"])
      #expect(whole.event == listed.event)
    }
  }

  @Test func aReplayIsTheSameEventAgain() async throws {
    try await Self.withDeadLetter { rig, letter in
      let event = try await rig.deadLetters.replayDeadLetter(.with { $0.name = letter.name })
      #expect(event.name == letter.event && event.state == .pending)
      try await refused(.notFound) { try await rig.deadLetters.getDeadLetter(.with { $0.name = letter.name }) }
      try await refused(.notFound) { try await rig.deadLetters.replayDeadLetter(.with { $0.name = letter.name }) }
      let owner = try await Owner(rig)
      #expect(owner.event.rendered == Owner.message && owner.event.attempt == 1)
      #expect(owner.event.expiresFrom == rig.clock.now)
    }
  }

  @Test func aReplayNeedsItsSink() async throws {
    try await Self.withDeadLetter { rig, letter in
      _ = try await rig.sinks.deleteSink(.with { $0.name = "namespaces/test/sinks/hook" })
      try await refused(.failedPrecondition) {
        try await rig.deadLetters.replayDeadLetter(.with { $0.name = letter.name })
      }
      _ = try await rig.deadLetters.getDeadLetter(.with { $0.name = letter.name })
    }
  }

  @Test func whatIsDiscardedIsGone() async throws {
    try await Self.withDeadLetter { rig, letter in
      let request = Carillon_V1_DiscardDeadLetterRequest.with {
        $0.name = letter.name
        $0.reason = "told her by phone"
      }
      _ = try await rig.deadLetters.discardDeadLetter(request)
      #expect(try await rig.deadLetters.listDeadLetters(.with { $0.parent = Rig.parent }).deadLetters.isEmpty)
      try await refused(.notFound) { try await rig.deadLetters.discardDeadLetter(request) }
      #expect(try await rig.events.getEvent(.with { $0.name = letter.event }).state == .failed)
    }
  }

  @Test func listsAreFiltered() async throws {
    try await Self.withDeadLetter { rig, _ in
      typealias Change = (inout Carillon_V1_ListDeadLettersRequest) -> Void
      let now = rig.clock.now.seconds
      let cases: [(Int, Change)] = [
        (1, { $0.sink = "namespaces/test/sinks/hook" }), (0, { $0.sink = "namespaces/test/sinks/other" }),
        (1, { $0.code = "http-410" }), (0, { $0.code = "http-500" }),
        (1, { $0.user = "namespaces/test/users/ada" }), (0, { $0.user = "namespaces/test/users/bob" }),
        (1, { $0.diedFrom = .init(seconds: now) }), (0, { $0.diedBefore = .init(seconds: now) }),
        (0, { $0.parent = "namespaces/other" }),
      ]
      for (index, (count, change)) in cases.enumerated() {
        var request = Carillon_V1_ListDeadLettersRequest.with { $0.parent = Rig.parent }
        change(&request)
        let found = try await rig.deadLetters.listDeadLetters(request).deadLetters
        #expect(found.count == count, "case \(index)")
      }
    }
  }

  @Test func badInputNamesItsFields() async throws {
    try await Self.withDeadLetter { rig, letter in
      let numbers = ["0", "-1", "01", "x"].map { "namespaces/test/deadLetters/\($0)" }
      for name in numbers + ["", "deadLetters/1", letter.event] {
        try await refused(.invalidArgument, fields: ["name"]) {
          try await rig.deadLetters.getDeadLetter(.with { $0.name = name })
        }
      }
      let other = letter.name.replacing("namespaces/test", with: "namespaces/other")
      try await refused(.notFound) { try await rig.deadLetters.getDeadLetter(.with { $0.name = other }) }
      try await refused(.notFound) { try await rig.deadLetters.replayDeadLetter(.with { $0.name = other }) }
      try await refused(.invalidArgument, fields: ["name", "reason"]) {
        try await rig.deadLetters.discardDeadLetter(.with { $0.reason = String(repeating: "r", count: 501) })
      }
      try await refused(.invalidArgument, fields: ["sink", "user", "code", "died_from"]) {
        try await rig.deadLetters.listDeadLetters(
          .with {
            $0.parent = Rig.parent
            $0.sink = "hook"
            $0.user = "ada"
            $0.code = String(repeating: "c", count: 201)
            $0.diedFrom = .init(seconds: .max)
          })
      }
    }
  }
}
