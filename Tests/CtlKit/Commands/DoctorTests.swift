import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite struct DoctorTests {
  private static func finding(
    _ severity: Carillon_V1_Finding.Severity, _ check: String, _ message: String, advice: String = ""
  ) -> Carillon_V1_Finding {
    .with {
      $0.severity = severity
      $0.check = check
      $0.message = message
      $0.advice = advice
    }
  }

  @Test("each finding has its line, and below it what to do; warnings alone are no failure")
  func table() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with {
        $0.findings = [
          Self.finding(.ok, "ready", "agent north is ready"),
          Self.finding(.warning, "zones", "of edition 2019a", advice: "update tzdata"),
        ]
      }
      let result = try await ctl("doctor")
      #expect(result.status == 0)
      let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
      #expect(
        lines == [
          "STATE CHECK FOUND", "ok ready agent north is ready", "warning zones of edition 2019a", "-> update tzdata",
        ])
      let json = try await ctl("doctor", "-o", "json")
      #expect(json.output.contains("\"severity\": \"SEVERITY_WARNING\""))
    }
  }

  @Test("a problem is exit 1, in every form of output")
  func problem() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with {
        $0.findings = [
          Self.finding(.problem, "partitions", "2 days have no partitions", advice: "look at the log"),
          Self.finding(.ok, "vacuum", "fine"),
        ]
      }
      for form in ["table", "json", "yaml", "name"] {
        let result = try await ctl("doctor", "-o", form)
        #expect(result.status == 1 && result.errors.contains("1 of 2 findings are problems"))
      }
    }
  }
}
