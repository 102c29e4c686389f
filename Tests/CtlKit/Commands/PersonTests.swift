import ControlAPI
import Foundation
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("One person: pause, export, erase")
struct PersonTests {
  private let ada = "namespaces/default/users/ada"

  private func withAda(_ body: (FakeAgent, CtlRunner) async throws -> Void) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.users[ada] = .with {
          $0.name = ada
          $0.displayName = "Ada"
          $0.etag = "e1"
        }
        state.records = [
          .with { $0.schedule.name = "namespaces/default/schedules/b" },
          .with {
            $0.event.event.name = "namespaces/default/events/e"
            $0.event.event.eventType = "birthday"
            $0.event.event.state = .failed
          },
          .with { $0.deadLetter.name = "namespaces/default/deadLetters/7" },
          .with { $0.message.title = "Happy birthday" },
        ]
        state.erasure = .with {
          $0.schedules = 2
          $0.messages = 1
          $0.deadLetters = 3
          $0.receipts = 40
          $0.inFlight = 1
          $0.subscriptions = ["namespaces/default/subscriptions/ada-only"]
        }
      }
      try await body(agent, ctl)
    }
  }

  @Test("a person is paused and resumed by that field alone")
  func pause() async throws {
    try await withAda { agent, ctl in
      let paused = try await ctl("user", "pause", "ada")
      #expect(paused.output.contains("paused"))
      #expect(agent.requests(Carillon_V1_UpdateUserRequest.self).first?.updateMask.paths == ["paused"])
      #expect(agent.with { $0.users[ada]?.paused } == true)
      #expect(try await ctl("user", "resume", "ada").output.contains("active"))
      #expect(try await ctl("user", "pause", "nobody").status == 5)
    }
  }

  @Test("an export lists its records for people and writes them whole for programs")
  func export() async throws {
    try await withAda { _, ctl in
      let table = try await ctl("user", "export", "ada")
      #expect(table.lines.count == 6)
      #expect(table.lines[3] == "event        e    birthday, failed, due -", "\(table.output)")
      #expect(table.errors.contains("-o json"))
      let lines = try await ctl("user", "export", "ada", "-o", "jsonl").lines.map { try JSONValue(parsing: $0.utf8) }
      #expect(lines.count == 5)
      #expect(lines[0]["user"]?["displayName"]?.text == "Ada")
      guard
        case .array(let items) = try JSONValue(
          parsing: try await ctl("user", "export", "ada", "-o", "json").output.utf8)
      else {
        Issue.record("no array")
        return
      }
      #expect(items.count == 5)
      #expect(try await ctl("user", "export", "nobody", "-o", "json").status == 5)
    }
  }

  @Test("an export into a file is for its owner alone, is never half there, and replaces nothing")
  func exportFile() async throws {
    try await withAda { _, ctl in
      let path = "/tmp/ctl-export-\(UUID().uuidString).json"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let missing = try await ctl("user", "export", "nobody", "--file", path)
      #expect(missing.status == 5)
      #expect(!FileManager.default.fileExists(atPath: path))
      let done = try await ctl("user", "export", "ada", "--file", path)
      #expect(done.output == "exported 5 records of user ada to \(path)\n", "\(done.errors)")
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let content = try Data(contentsOf: URL(fileURLWithPath: path))
      guard case .array(let items) = try JSONValue(parsing: content) else {
        Issue.record("no array")
        return
      }
      #expect(items.count == 5)
      #expect(try await ctl("user", "export", "ada", "--file", path).status == 6)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
      #expect(try await ctl("user", "export", "ada", "--file", "/no/such/folder/x").status == 64)
    }
  }

  @Test("erasing says what would go, and goes on when the id was typed")
  func erase() async throws {
    try await withAda { agent, ctl in
      let dry = try await ctl("user", "erase", "ada", "--dry-run")
      #expect(dry.lines.first == "would be erased with user ada:")
      #expect(dry.output.contains("dead letters   3"))
      #expect(dry.output.contains("subscription ada-only names this id"))
      #expect(dry.output.contains("sends under way: 1"))

      let slip = try await ctl("user", "erase", "ada", input: "adda\n", isTerminal: true)
      #expect(slip.status == 1)
      #expect(slip.output == "")
      #expect(slip.errors.contains("would be erased with user ada:"))
      #expect(slip.errors.contains("Type ada to go on: "))
      #expect(agent.with { $0.users[ada] } != nil)
      let ended = try await ctl("user", "erase", "ada", input: "", isTerminal: true)
      #expect(ended.status == 1)

      let done = try await ctl("user", "erase", "ada", input: "ada\n", isTerminal: true)
      #expect(done.status == 0, "\(done.errors)")
      #expect(done.lines.first == "erased with user ada:")
      #expect(done.output.contains("what stays: numbers, times and outcomes"))
      #expect(agent.with { $0.users[ada] } == nil)
    }
  }

  @Test("without a terminal erasing needs --yes; a stale etag and a missing person change nothing")
  func eraseFailures() async throws {
    try await withAda { agent, ctl in
      let silent = try await ctl("user", "erase", "ada")
      #expect(silent.status == 64)
      #expect(silent.errors.contains("--yes"))
      #expect(try await ctl("user", "erase", "ada", "--yes", "--etag", "old").status == 6)
      #expect(try await ctl("user", "erase", "nobody", "--yes").status == 5)
      #expect(agent.with { $0.users[ada] } != nil)
      let done = try await ctl("user", "erase", "ada", "--yes", "-o", "json")
      #expect(try JSONValue(parsing: done.output.utf8)["deadLetters"]?.text == "3")
      #expect(agent.requests(Carillon_V1_EraseUserRequest.self).filter { !$0.validateOnly }.count == 3)
    }
  }
}
