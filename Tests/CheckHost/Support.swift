import AgentHarness
import Foundation
import Testing

/// One at a time: agents that share two cores would wait for each other.
@Suite("Check of an agent", .serialized)
enum CheckHost {
  /// Runs `ctl plugin check-host --json`.
  static func check(_ arguments: [String], limit: Duration = .seconds(120)) async throws -> (
    report: Report, exit: Int32
  ) {
    let answer = try await Tool.run(
      try Programs.find().ctl, ["plugin", "check-host", "--json"] + arguments, limit: limit)
    let data = Data(answer.output.utf8)
    guard let report = try? JSONDecoder().decode(Report.self, from: data) else {
      throw HarnessError(.failed, "no report: exit \(answer.exitCode), \(answer.errors) \(answer.output.prefix(2_000))")
    }
    return (report, answer.exitCode)
  }

  /// What the command says.
  struct Report: Decodable {
    struct Trial: Decodable {
      var name: String
      var isolation: String
      var status: String
      var faults: [String]
      var milliseconds: Int
    }

    var seed: String
    var clean: Bool
    var trials: [Trial]

    /// What is wrong, for a test's message.
    var faults: String {
      trials.filter { $0.status != "ok" }.map { "\($0.name) (\($0.isolation)): \($0.faults)" }
        .joined(separator: "\n")
    }
  }

  /// A case as `--list --json` has it.
  struct Case: Decodable {
    var name: String
    var attack: String
    var duty: String
    var places: [String]
  }

  /// The cases there are.
  static func cases() async throws -> [Case] {
    let text = try await Tool.output(try Programs.find().ctl, ["plugin", "check-host", "--list", "--json"])
    return try JSONDecoder().decode([Case].self, from: Data(text.utf8))
  }
}
