import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Progress of long work")
struct LongWorkTests {
  /// Long work, what it is about, and how it shows.
  static let works: [(arguments: [String], noun: String)] = [
    (["import", "-", "--format", "vcard"], "people"), (["dead-letter", "replay", "--all", "--yes"], "dead letters"),
    (["queue", "drain", "low"], "sends finished"), (["agent", "drain"], "sends finished"),
  ]

  private static let cards = (0..<3_000).map {
    "BEGIN:VCARD\nVERSION:4.0\nFN:P\($0)\nUID:u\($0)\nBDAY:19800101\nEND:VCARD\n"
  }

  private static func run(_ arguments: [String], isTerminal: Bool) async throws -> CtlRunner.Result {
    var result: CtlRunner.Result?
    try await FakeAgent.serve { agent, runner in
      agent.with { state in
        state.queues["queues/low"] = .with { $0.name = "queues/low" }
        state.drainSteps = [4, 3, 1, 0]
        state.deadLetters = (1...3).map { number in .with { $0.name = "namespaces/default/deadLetters/\(number)" } }
      }
      var ctl = runner
      (ctl.clock, ctl.isErrorTerminal) = (.hasty, isTerminal)
      result = try await ctl.run(arguments, input: cards.joined())
    }
    return try #require(result)
  }

  @Test("a bar on a terminal, rewritten in place and cleared at the end", arguments: works)
  func terminal(arguments: [String], noun: String) async throws {
    let result = try await Self.run(arguments, isTerminal: true)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("\r\u{1B}[K["), "\(result.errors.debugDescription)")
    #expect(result.errors.contains(" \(noun), "))
    #expect(!result.errors.contains("\n"))
    #expect(result.errors.hasSuffix("\r\u{1B}[K"))
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test("plain lines elsewhere", arguments: works)
  func plain(arguments: [String], noun: String) async throws {
    let result = try await Self.run(arguments, isTerminal: false)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.errors.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.contains(" \(noun), ") }, "\(result.errors)")
    #expect(!result.errors.contains("\u{1B}") && !result.errors.contains("\r"))
  }
}
