import ArgumentParser
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Every list")
struct ListFormTests {
  /// `user list`, `queue list`, …
  static let commands: [[String]] = {
    var found: [[String]] = []
    func gather(_ command: any ParsableCommand.Type, _ path: [String]) {
      let configuration = command.configuration
      for child in configuration.subcommands {
        let name = child.configuration.commandName ?? ""
        if name == "list" { found.append(path + [name]) }
        gather(child, path + [name])
      }
    }
    gather(Ctl.self, [])
    return found
  }()

  private static func firstMember(_ value: JSONValue) -> String? {
    guard case .object(let members) = value else { return nil }
    return members.first?.0
  }

  @Test("members come in the order of the proto's fields, keys of maps and objects by name")
  func order() throws {
    let schedule = try Carillon_V1_Schedule(
      jsonString: #"""
        {"definition": {"z": 1, "a": {"y": 2.5, "b": [{"d": 1, "c": null}]}}, "eventType": "reminder", "name": "n"}
        """#)
    #expect(
      try Printer.json(schedule).compact
        == #"{"name":"n","eventType":"reminder","definition":{"a":{"b":[{"c":null,"d":1}],"y":2.5},"z":1}}"#)
    let keys = (0..<20).map { "k\($0)" }
    let user = Carillon_V1_User.with { user in for key in keys { user.attributes[key] = "v" } }
    guard case .object(let members) = try Printer.json(user)["attributes"] else {
      Issue.record("no attributes")
      return
    }
    #expect(members.map(\.0) == keys.sorted())
  }

  @Test("every field of the protos that holds an object of any form is known as one")
  func objects() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Proto/carillon/v1").standardizedFileURL
    var found: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: #/google\.protobuf\.Struct (\w+) =/#) {
        found.insert(ApplyDecoder.camelCase(String(match.1)))
      }
    }
    #expect(!found.isEmpty && found == JSONValue.objectFields)
  }

  @Test("a page says how every list is written, for programs")
  func documented() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../docs/ctl.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    for command in Self.commands { #expect(text.contains("`\(command.joined(separator: " "))`")) }
  }

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
      #expect(items.allSatisfy { Self.firstMember($0) == "name" }, "what it is comes first")
      let lines = try await ctl.run(command + ["-o", "jsonl"]).lines
      #expect(try lines.map { try JSONValue(parsing: $0.utf8).compact } == items.map(\.compact))
      let names = try await ctl.run(command + ["-o", "name"]).lines
      #expect(names == items.compactMap { $0["name"]?.text })
    }
  }
}
