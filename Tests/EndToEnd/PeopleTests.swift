import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  /// What people ask on their first day, with the real programs.
  @Suite("People")
  struct PeopleTests {
    /// Words that are found nowhere else.
    private static let marks = ["Zyxwvu", "Qponml", "kjihgf", "xylophagous", "quixotry", "zeugmatic"]

    @Test(
      "an erased person is in no byte of the store any more, retries, dead letters and receipts included",
      .timeLimit(.minutes(2)))
    func erase() async throws {
      try await Receiver.with(.init(status: 503)) { failing in
        try await Receiver.with(.init(status: 400)) { refusing in
          try await AgentHome.with { home in
            try await home.runReady { _ in
              try await Self.sink("failing", failing.port, home)
              try await Self.sink("refusing", refusing.port, home)
              try await Self.fill(home)
              try await refusing.wait(for: 2)
              try await failing.wait(for: 2)
              try await eventually("dead letters", within: .seconds(20)) {
                try await Self.lines(home, ["dead-letter", "list", "-o", "name"]).count == 2
              }
              #expect(try Self.found(home) == Set(Self.marks), "the marks are there to be erased")
              try await Self.ok(home, ["user", "erase", "kjihgf-1", "--yes"])
              #expect(try Self.found(home) == [])
              #expect(try await Self.lines(home, ["dead-letter", "list", "-o", "name"]).isEmpty)
              #expect(try await home.ctl(["user", "get", "kjihgf-1"]).exitCode == 5)
              let events = try await Self.lines(home, ["event", "list", "-o", "name"])
              #expect(events.count == 2, "the ledger keeps its rows: \(events)")
              try await Self.ok(home, ["user", "get", "other"])
              try await Self.ok(home, ["ledger", "verify", "--since", "1h"])
            }
            #expect(try Self.found(home) == [], "nor after the end")
            #expect(Self.marks.allSatisfy { !home.log.contains($0) }, "nor in the log")
          }
        }
      }
    }

    @Test("what is stopped stays stopped over a restart, and comes late when all is resumed", .timeLimit(.minutes(2)))
    func stopAll() async throws {
      try await Receiver.with { receiver in
        try await AgentHome.with { home in
          try await home.runReady { _ in
            try await Self.sink("receiver", receiver.port, home)
            try await Self.ok(home, ["stop-all", "--reason", "wrong words"])
            try await Self.ok(home, ["event", "notify", "--title", "One", "--id", "one"])
          }
          try await home.runReady { _ in
            let status = try await Self.output(home, ["agent", "status"])
            #expect(status.contains("wrong words"))
            try await Self.ok(home, ["event", "notify", "--title", "Two", "--id", "two"])
            #expect(receiver.arrivals.isEmpty)
            try await Self.ok(home, ["resume-all"])
            try await receiver.wait(for: 2)
            #expect(receiver.counts.values.allSatisfy { $0 == 1 })
          }
        }
      }
    }

    @Test("a dead letter that is replayed arrives with the same id and the same words", .timeLimit(.minutes(2)))
    func replay() async throws {
      try await Receiver.with(.init(status: 400)) { refusing in
        try await Receiver.with { taking in
          try await AgentHome.with { home in
            try await home.runReady { _ in
              try await Self.sink("receiver", refusing.port, home)
              try await Self.ok(home, ["event", "notify", "--title", "Words", "--id", "one"])
              try await refusing.wait(for: 1)
              let letters = try await eventually("a dead letter", within: .seconds(20)) {
                let names = try await Self.lines(home, ["dead-letter", "list", "-o", "name"])
                return names.isEmpty ? nil : names
              }
              try await Self.ok(
                home,
                [
                  "sink", "update", "receiver", "--set", "url=http://127.0.0.1:\(taking.port)/", "--set",
                  #"allow_addresses=["127.0.0.0/8"]"#,
                ])
              try await Self.ok(home, ["dead-letter", "replay", try #require(letters.first)])
              try await taking.wait(for: 1)
              #expect(taking.arrivals.first?.id == refusing.arrivals.first?.id)
              #expect(taking.arrivals.first?.body == refusing.arrivals.first?.body)
              try await eventually("completed", within: .seconds(20)) {
                try await Self.output(home, ["event", "list"]).contains("completed")
              }
              #expect(try await Self.lines(home, ["dead-letter", "list", "-o", "name"]).isEmpty)
              try await Self.ok(home, ["ledger", "verify", "--since", "1h"])
            }
          }
        }
      }
    }

    // MARK: helpers

    private static func sink(_ id: String, _ port: Int, _ home: AgentHome) async throws {
      try await ok(
        home,
        [
          "sink", "create", id, "--plugin", "webhook", "--set", "url=http://127.0.0.1:\(port)/", "--set",
          #"allow_addresses=["127.0.0.0/8"]"#,
        ])
      try await ok(home, ["subscription", "create", "all-\(id)", "--type", "*", "--sink", id])
    }

    /// A person whose every field bears a mark, changed once, with a reminder and two events; and another person.
    private static func fill(_ home: AgentHome) async throws {
      try await ok(
        home,
        [
          "user", "create", "kjihgf-1", "--given", "Zyxwvu", "--family", "before", "--email", "xylophagous@example.org",
          "--birth", "1990-05-04", "--attribute", "hobby=quixotry", "--zone", "Europe/London",
        ])
      try await ok(home, ["user", "update", "kjihgf-1", "--family", "Qponml"])
      try await ok(home, ["user", "create", "other", "--given", "Other"])
      try await ok(
        home,
        [
          "schedule", "create", "kjihgf-reminder", "--type", "reminder", "--user", "kjihgf-1", "--set",
          "title=zeugmatic",
          "--set", "start=2030-01-01T09:00",
        ])
      for id in ["zeugmatic-1", "zeugmatic-2"] {
        try await ok(
          home,
          [
            "event", "notify", "--user", "kjihgf-1", "--title", "Dear {{user.given_name}} {{user.family_name}}",
            "--text",
            "quixotry", "--id", id,
          ])
      }
    }

    /// The marks that any file of the store's folder has.
    private static func found(_ home: AgentHome) throws -> Set<String> {
      let folder = "\(home.folder.path)/state"
      var found: Set<String> = []
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
        for mark in marks where bytes.range(of: Data(mark.utf8)) != nil { found.insert(mark) }
      }
      return found
    }

    private static func output(_ home: AgentHome, _ arguments: [String]) async throws -> String {
      let answer = try await home.ctl(arguments)
      guard answer.exitCode == 0 else {
        throw HarnessError(.failed, "ctl \(arguments.joined(separator: " ")): \(answer.exitCode): \(answer.errors)")
      }
      return answer.output
    }

    private static func ok(_ home: AgentHome, _ arguments: [String]) async throws {
      _ = try await output(home, arguments)
    }

    private static func lines(_ home: AgentHome, _ arguments: [String]) async throws -> [String] {
      try await output(home, arguments).split(separator: "\n").map(String.init)
    }
  }
}
