import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Stop everything")
struct StopTests {
  @Test("stop-all asks nothing, says what it did; the status shows it loudly; resume-all says what waits")
  func stopAndResume() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.status.ready = true
        state.status.inFlight = 3
        state.queues["queues/low"] = .with {
          $0.name = "queues/low"
          $0.paused = true
          $0.status.due = 40
          $0.status.open = 50
        }
        state.queues["queues/high"] = .with {
          $0.name = "queues/high"
          $0.status.due = 2
          $0.status.open = 2
        }
      }
      let stopped = try await ctl("stop-all", "--reason", "wrong template")
      #expect(stopped.status == 0, "\(stopped.errors)")
      #expect(
        stopped.lines == [
          "EVERYTHING IS STOPPED since 2026-05-28T20:26:40.000Z by uid 0: wrong template",
          "sends that had begun before end by themselves: 3", "send again with: ctl resume-all",
        ])
      let status = try await ctl("agent", "status")
      #expect(status.lines.first?.hasPrefix("EVERYTHING IS STOPPED") == true)
      #expect(status.output.contains("state        stopped"))
      let coloured = try await ctl("agent", "status", "--color", "always")
      #expect(coloured.output.hasPrefix("\u{1B}[31mEVERYTHING IS STOPPED"))

      let resumed = try await ctl("resume-all")
      #expect(
        resumed.lines == [
          "everything runs again", "events that are due and go out now: up to 42",
          "events that are planned for later: up to 10", "paused still: low",
        ])
      #expect(try await !ctl("agent", "status").output.contains("STOPPED"))
      #expect(try await ctl("resume-all").lines.first == "nothing was stopped; everything runs")
    }
  }

  @Test("programs get the status; who may not stop is told")
  func programs() async throws {
    try await FakeAgent.serve { agent, ctl in
      let json = try await ctl("stop-all", "-o", "json")
      #expect(try JSONValue(parsing: json.output.utf8)["stop"]?["actor"]?.text == "uid 0")
      agent.with { $0.failure = GoogleRPCStatus(code: .permissionDenied, message: "viewers may not", details: []) }
      #expect(try await ctl("stop-all").status == 4)
      #expect(try await CtlRunner(socket: "/tmp/no-such-agent.sock")("stop-all").status == 3)
    }
  }
}
