import ControlAPI
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Why was it sent, late, or not")
struct ExplainTests {
  @Test("explain tells the steps in the zone asked for")
  func explain() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = "namespaces/default/events/e1"
      agent.with { state in
        state.events[name] = .with {
          $0.name = name
          $0.eventType = "birthday"
          $0.state = .completed
          $0.dueTime = .init(seconds: 1_780_300_800)
        }
        state.steps = [
          .with {
            $0.time = .init(seconds: 1_780_300_000)
            $0.what = "planned"
            $0.runTime = .init(seconds: 1_780_300_800)
          },
          .with {
            $0.time = .init(seconds: 1_780_300_800, nanos: 42_000_000)
            $0.startTime = .init(seconds: 1_780_300_800, nanos: 2_000_000)
            $0.what = "retry"
            $0.sink = "namespaces/default/sinks/hook"
            $0.attempt = 1
            $0.code = "http-503"
            $0.detail = "busy \u{1B}[31m"
          },
        ]
      }
      let shown = try await ctl("event", "explain", "e1", "--tz", "Europe/Paris")
      #expect(shown.status == 0, "\(shown.errors)")
      #expect(shown.output.contains("2026-06-01T10:00:00.042+02:00  retry"))
      #expect(shown.output.contains("40ms"))
      #expect(shown.output.contains("http-503"))
      #expect(shown.output.contains("Delivered at the second attempt."))
      #expect(!shown.output.contains("\u{1B}"))
      let json = try await ctl("event", "explain", "e1", "-o", "json")
      #expect(try JSONValue(parsing: json.output.utf8)["summary"]?.text == "Delivered at the second attempt.")
    }
  }

  @Test("explain reads well for every kind of step, and says of a test that it is one")
  func steps() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = "namespaces/default/events/e1"
      func step(_ what: String, code: String = "", detail: String = "") -> Carillon_V1_Step {
        .with {
          $0.what = what
          $0.code = code
          $0.detail = detail
        }
      }
      agent.with { state in
        state.events[name] = .with {
          $0.name = name
          $0.eventType = "reminder"
          $0.test = true
        }
        state.steps = [
          step("claimed"), step("deferred-until"), step("skipped", code: "no-address"),
          step("cancelled", code: "requested", detail: "moved away"), step("replayed"), step("dead", code: "http-410"),
          step("delivered", detail: "no words for pt-BR: the built-in words in en"),
        ]
        state.steps[0].agent = "agents/one"
        state.steps[1].runTime = .init(seconds: 1_780_300_800)
      }
      let shown = try await ctl("event", "explain", "e1", "--color", "always")
      let plain = shown.output.replacing(/\u{1B}\[\d+m/, with: "")
      #expect(plain.contains("reminder (test)"))
      #expect(plain.contains("A test: marked as one wherever it went"))
      for words in [
        "by one", "until 2026-06-01T08:00:00.000Z", "the user has no address of the kind this sink needs",
        "moved away", "replayed", "http-410", "no words for pt-BR: the built-in words in en",
      ] { #expect(plain.contains(words), "\(words) in \(plain)") }
      #expect(shown.output.contains("\u{1B}[31mdead"))
    }
  }
}
