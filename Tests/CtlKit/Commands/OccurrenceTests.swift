import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("The next occurrences of a schedule")
struct OccurrenceTests {
  static let name = "namespaces/default/schedules/standup"

  private func withStandup(_ body: (FakeAgent, CtlRunner) async throws -> Void) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.schedules[Self.name] = .with {
          $0.name = Self.name
          $0.eventType = "reminder"
        }
        state.upcoming = [.adaInJune] + (2...4).map { .standup($0) }
      }
      try await body(agent, ctl)
    }
  }

  @Test("upcoming says when on the wall, how far off, and who; what was moved is marked")
  func upcoming() async throws {
    try await withStandup { _, ctl in
      let all = try await ctl("schedule", "upcoming")
      #expect(
        all.lines.prefix(3) == [
          "WHEN                  ZONE           IN  TYPE      WHO       SCHEDULE",
          "Mon 2026-06-01 09:00  Europe/London  3d  birthday  Ada       birthday-ada",
          "Tue 2026-06-02 09:30  Europe/Paris   5d  reminder  everyone  standup",
        ])
      #expect(all.errors == "")
      _ = try await ctl(
        "schedule", "move", "standup", "--next", "--to", "2026-06-02T11:00", "--reason", "all-hands")
      let moved = try await ctl("schedule", "upcoming", "standup")
      #expect(moved.lines.first?.hasSuffix("NOTE") == true)
      #expect(moved.lines[1].contains("Tue 2026-06-02 11:00"))
      #expect(moved.lines[1].hasSuffix("moved: all-hands"))
      #expect(!moved.lines[2].contains("moved"))
    }
  }

  @Test("upcoming takes an event type, a limit and an end; it says when nothing or not all is shown")
  func upcomingFilters() async throws {
    try await withStandup { agent, ctl in
      #expect(try await ctl("schedule", "upcoming", "--event-type", "birthday").lines.count == 2)
      let two = try await ctl("schedule", "upcoming", "--limit", "2")
      #expect(two.lines.count == 3)
      #expect(two.errors == "the first 2; see more with --limit\n")
      let none = try await ctl("schedule", "upcoming", "--within", "1d")
      #expect(none.output == "")
      #expect(none.errors == "nothing is coming within 1d\n")
      #expect(none.status == 0)
      #expect(try await ctl("schedule", "upcoming", "--limit", "0").status == 64)
      let json = try await ctl("schedule", "upcoming", "--within", "1d", "-o", "json")
      #expect(json.output == "[]\n")
      #expect(json.errors == "")
      let keys = try await ctl("schedule", "upcoming", "-o", "jsonl").lines
        .map { try JSONValue(parsing: $0.utf8)["occurrenceKey"]?.text }
      #expect(keys.first == "2026-06-01")
      #expect(agent.requests(Carillon_V1_ListUpcomingRequest.self).map(\.limit).max() == 100)
    }
  }

  @Test("an occurrence is skipped, shown as such, and restored")
  func skipAndRestore() async throws {
    try await withStandup { agent, ctl in
      let skipped = try await ctl("schedule", "skip", "standup", "--next", "--reason", "a day off")
      #expect(skipped.status == 0, "\(skipped.errors)")
      #expect(
        skipped.lines == [
          "schedule standup: occurrence 2026-06-02T09:30 is skipped",
          "take it back: ctl schedule restore standup --occurrence 2026-06-02T09:30",
        ])
      let shown = try await ctl("schedule", "get", "standup")
      #expect(
        shown.lines.suffix(2) == ["OCCURRENCE                 REASON", "2026-06-02T09:30  skipped  a day off"])
      #expect(try await ctl("schedule", "upcoming", "standup").lines.count == 3)
      let restored = try await ctl("schedule", "restore", "standup", "--occurrence", "2026-06-02T09:30")
      #expect(restored.output == "schedule standup: occurrence 2026-06-02T09:30 is as it was\n")
      #expect(agent.with { $0.schedules[Self.name]?.exceptions } == [])
      #expect(try await ctl("schedule", "restore", "standup").status == 6)
    }
  }

  @Test("a dry run changes nothing; -o json answers the schedule")
  func dryRun() async throws {
    try await withStandup { agent, ctl in
      let would = try await ctl("schedule", "skip", "standup", "--next", "--dry-run")
      #expect(would.output == "schedule standup: occurrence 2026-06-02T09:30 would be skipped\n")
      #expect(agent.with { $0.schedules[Self.name]?.exceptions } == [])
      let json = try await ctl(
        "schedule", "move", "standup", "--occurrence", "2026-06-03T09:30", "--to", "2026-06-03 10:00", "-o", "json")
      #expect(try JSONValue(parsing: json.output.utf8)["name"]?.text == Self.name)
      #expect(agent.with { $0.schedules[Self.name]?.exceptions.first?.localTime } == "2026-06-03T10:00:00")
    }
  }

  @Test("without an occurrence the coming ones are named, and nothing changes", arguments: ["skip", "move"])
  func choice(verb: String) async throws {
    try await withStandup { agent, ctl in
      let to = verb == "move" ? ["--to", "2026-06-02T11:00"] : []
      let asked = try await ctl.run(["schedule", verb, "standup"] + to)
      #expect(asked.status == 64)
      #expect(asked.errors.contains("--occurrence 2026-06-02T09:30: Tue 2026-06-02 09:30 Europe/Paris"))
      #expect(asked.errors.contains("--next"))
      agent.with { $0.upcoming = [] }
      #expect(try await ctl.run(["schedule", verb, "standup", "--next"] + to).status == 6)
      #expect(agent.with { $0.schedules[Self.name]?.exceptions } == [])
    }
  }

  @Test("restore names what can be restored")
  func restoreChoice() async throws {
    try await withStandup { _, ctl in
      _ = try await ctl("schedule", "move", "standup", "--next", "--to", "2026-12-24T10:00:30")
      let asked = try await ctl("schedule", "restore", "standup")
      #expect(asked.status == 64)
      #expect(asked.errors.contains("--occurrence 2026-06-02T09:30: moved to Thu 2026-12-24 10:00:30"))
    }
  }

  @Test("too late is a conflict; what is not there is not found; an unknown key is told")
  func failures() async throws {
    try await withStandup { agent, ctl in
      agent.with { $0.begunKeys = ["2026-06-02T09:30"] }
      let late = try await ctl("schedule", "skip", "standup", "--next")
      #expect(late.status == 6)
      #expect(late.errors.contains("the event was sent already"))
      #expect(try await ctl("schedule", "skip", "nobody", "--occurrence", "x").status == 5)
      #expect(try await ctl("schedule", "restore", "nobody").status == 5)
      let unknown = try await ctl("schedule", "skip", "standup", "--occurrence", "1999")
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("occurrence_key"))
    }
  }

  @Test(
    "a time to move to is local",
    arguments: ["2026-12-24T10:00Z", "2026-12-24", "10:00", "2026-02-30T10:00", "2026-12-24T10:00+01:00", "tomorrow"])
  func notLocal(text: String) async throws {
    try await withStandup { _, ctl in
      let refused = try await ctl("schedule", "move", "standup", "--next", "--to", text)
      #expect(refused.status == 64)
    }
  }

  @Test("a test run goes at once; a real one asks, on a terminal or not")
  func run() async throws {
    try await withStandup { agent, ctl in
      let test = try await ctl("schedule", "run", "standup", "--test", "--sink", "local")
      #expect(test.status == 0, "\(test.errors)")
      #expect(test.output.contains("reminder (test)"))
      let sent = try #require(agent.requests(Carillon_V1_RunScheduleRequest.self).first)
      #expect(sent.test && sent.sink == "namespaces/default/sinks/local" && sent.requestID.hasPrefix("ctl-"))

      let silent = try await ctl("schedule", "run", "standup")
      #expect(silent.status == 64)
      #expect(silent.errors.contains("--yes"))
      let refused = try await ctl("schedule", "run", "standup", input: "n\n", isTerminal: true)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("nothing was changed"))
      #expect(agent.requests(Carillon_V1_RunScheduleRequest.self).count == 1)
      #expect(try await ctl("schedule", "run", "standup", input: " Yes \n", isTerminal: true).status == 0)
      #expect(try await ctl("schedule", "run", "standup", "--yes", "--request-id", "mine").status == 0)
      #expect(agent.requests(Carillon_V1_RunScheduleRequest.self).last?.requestID == "mine")
      #expect(try await ctl("schedule", "run", "nobody", "--test").status == 5)
    }
  }

  @Test("--wait shows the outcome, and ends by it")
  func waiting() async throws {
    try await withStandup { agent, ctl in
      let step = Carillon_V1_Step.with {
        $0.what = "delivered"
        $0.sink = "namespaces/default/sinks/local"
      }
      agent.with { state in
        state.steps = [step]
        state.eventStates = [.pending, .completed]
      }
      let done = try await ctl("schedule", "run", "standup", "--test", "--wait")
      #expect(done.status == 0, "\(done.errors)")
      #expect(done.output.contains("A test: marked as one"))
      #expect(done.output.contains("delivered"))
      agent.with { $0.eventStates = [.failed] }
      let failed = try await ctl("schedule", "run", "standup", "--test", "--wait")
      #expect(failed.status == 1)
      #expect(failed.errors.contains("the event is failed"))
      agent.with { $0.eventStates = [.pending] }
      let late = try await ctl("schedule", "run", "standup", "--test", "--wait", "--within", "0s")
      #expect(late.status == 7)
      #expect(late.errors.contains("ctl event explain ctl-"))
    }
  }
}
