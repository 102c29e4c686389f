import ArgumentParser
import Foundation
import Testing

@testable import CtlKit

@Suite("Every list")
struct ListFormTests {
  /// `user list`, `queue list`, …
  static let commands: [[String]] = {
    var found: [[String]] = []
    func gather(_ command: any ParsableCommand.Type, _ path: [String]) {
      let configuration = command.configuration
      for child in configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands) {
        let name = child.configuration.commandName ?? ""
        if name == "list" { found.append(path + [name]) }
        gather(child, path + [name])
      }
    }
    gather(Ctl.self, [])
    return found
  }()

  @Test("there is one for each noun that has lists")
  func all() {
    let nouns = Set(Self.commands.compactMap(\.first))
    #expect(
      nouns.isSuperset(of: [
        "user", "schedule", "event", "queue", "sink", "subscription", "template", "plugin", "dead-letter", "agent",
        "shard", "audit", "token", "grant", "denial", "context",
      ]))
  }

  @Test(
    "is a JSON array, the same each time, of objects that have a name; a line each under jsonl", arguments: commands)
  func forms(command: [String]) async throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "ctl-home-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    try await FakeAgent.serve { agent, runner in
      agent.with { ExampleTests.furnish(&$0, for: command) }
      var ctl = runner
      ctl.environment["XDG_CONFIG_HOME"] = home.path
      _ = try await ctl("context", "set", "one", "--agent", "a=unix:/s")
      let json = try await ctl.run(command + ["-o", "json"])
      #expect(json.status == 0, "\(json.errors)")
      guard case .array(let items) = try JSONValue(parsing: json.output.utf8) else {
        Issue.record("no array")
        return
      }
      #expect(!items.isEmpty)
      #expect(items.allSatisfy { $0["name"]?.text?.isEmpty == false })
      #expect(try await ctl.run(command + ["-o", "json"]).output == json.output)
      let lines = try await ctl.run(command + ["-o", "jsonl"]).lines
      #expect(try lines.map { try JSONValue(parsing: $0.utf8).compact } == items.map(\.compact))
      let names = try await ctl.run(command + ["-o", "name"]).lines
      #expect(names == items.compactMap { $0["name"]?.text })
    }
  }
}
