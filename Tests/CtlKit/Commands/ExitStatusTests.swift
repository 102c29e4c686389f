import ControlAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Exit statuses, for scripts")
struct ExitStatusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var status: CtlKit.ExitStatus
    var command: [String]
    /// What the agent answers; nil: it does as it should.
    var answer: RPCError.Code?
    var socket: String?

    var testDescription: String { "\(status.rawValue): ctl \(command.joined(separator: " "))" }
  }

  static let cases: [Case] = [
    .init(status: .done, command: ["user", "list"]),
    .init(status: .failed, command: ["agent", "status"]),
    .init(status: .failed, command: ["user", "list"], answer: .internalError),
    .init(status: .unreachable, command: ["user", "list"], socket: "/tmp/ctl-nobody.sock"),
    .init(status: .notAllowed, command: ["token", "list"], answer: .permissionDenied),
    .init(status: .notAllowed, command: ["token", "list"], answer: .unauthenticated),
    .init(status: .notFound, command: ["user", "get", "nobody"]),
    .init(status: .conflict, command: ["user", "create", "ada"], answer: .alreadyExists),
    .init(status: .timeout, command: ["event", "wait", "EVENT", "--within", "0s"]),
    .init(status: .partial, command: ["event", "move", "--all", "--queue", "low", "--yes"]),
    .init(status: .usage, command: ["user", "lst"]),
    .init(status: .usage, command: ["user", "create", "ada"], answer: .invalidArgument),
  ]

  @Test("each has its cause; programs are told on standard error as JSON", arguments: cases)
  func statuses(item: Case) async throws {
    try await FakeAgent.serve { agent, runner in
      agent.with { state in
        let name = "namespaces/default/events/EVENT"
        state.events[name] = .with { $0.name = name }
        state.eventStates = [.pending]
        state.progress = [
          .with {
            ($0.matched, $0.changed, $0.refused) = (2, 1, 1)
            $0.done = true
          }
        ]
        if let code = item.answer { state.failure = GoogleRPCStatus(code: code, message: "told", details: []) }
      }
      var ctl = runner
      if let socket = item.socket { ctl.socket = socket }
      let result = try await ctl.run(item.command + ["-o", "json"])
      #expect(result.status == item.status.rawValue, "\(result.errors)")
      guard item.status != .done else { return }
      let error = try #require(try JSONValue(parsing: result.errors.utf8)["error"])
      #expect(error["message"]?.text?.isEmpty == false)
      guard case .integer(let status) = error["exitStatus"] else {
        Issue.record("no exit status")
        return
      }
      #expect(status == Int64(item.status.rawValue))
    }
  }

  @Test("every status has a case here")
  func complete() {
    #expect(Set(Self.cases.map(\.status)) == Set(ExitStatus.allCases))
  }
}
