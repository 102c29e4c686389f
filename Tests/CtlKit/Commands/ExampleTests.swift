import ArgumentParser
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing
import X509

@testable import CtlKit

/// A line that help tells people to type.
struct Example: Sendable, CustomTestStringConvertible {
  var arguments: [String]
  /// What stands in its here-document.
  var input: String?

  var testDescription: String { "ctl " + arguments.joined(separator: " ") }

  /// Commands that other suites run: they read files of many kinds, or serve until they are ended.
  var isRunElsewhere: Bool {
    ["import", "listen"].contains(arguments.first ?? "")
      || arguments.starts(with: ["stats"]) && arguments.contains("--watch")
  }

  /// Every example of every command, and the common tasks.
  static let all: [Example] = {
    var found: [Example] = []
    func gather(_ command: any ParsableCommand.Type) {
      let configuration = command.configuration
      found += examples(configuration.discussion)
      for child in configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands) { gather(child) }
    }
    gather(Ctl.self)
    return found + examples(Ctl.commonTasks.replacing(#/\ {3,}.*/#, with: ""))
  }()

  private static func examples(_ text: String) -> [Example] {
    let lines = text.replacing(/\\\n\s*/, with: "").split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    return lines.indices.filter { lines[$0].hasPrefix("ctl ") }.map { index in
      guard let mark = lines[index].range(of: " <<END") else { return Example(arguments: words(lines[index])) }
      let document = lines[(index + 1)...].prefix { $0 != "END" }
      return Example(
        arguments: words(String(lines[index][..<mark.lowerBound])), input: document.joined(separator: "\n"))
    }
  }

  /// As a shell splits a line, as far as examples go: spaces, and double quotes.
  private static func words(_ line: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in line.dropFirst("ctl ".count) {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}

@Suite("Examples in help")
struct ExampleTests {
  @Test("there are many") func many() {
    #expect(Example.all.count > 60)
  }

  @Test("a line is one of ctl's", arguments: Example.all)
  func parses(example: Example) throws {
    _ = try Ctl.parseAsRoot(example.arguments)
  }

  @Test("an example does what it shows", arguments: Example.all.filter { !$0.isRunElsewhere })
  func runs(example: Example) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ctl-example-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("Alles Gute!".utf8).write(to: folder.appending(path: "birthday-de.txt"))
    try Data("kind: Sink\nid: x\nplugin: webhook\n".utf8).write(to: folder.appending(path: "carillon.yaml"))
    let arguments = example.arguments.map { word in
      let prefix = word.hasPrefix("@") ? "@" : ""
      let isFile = Self.files.contains(word.dropFirst(prefix.count))
      return isFile ? prefix + folder.appending(path: String(word.dropFirst(prefix.count))).path : word
    }
    try Data(#"{"name": "queues/low"}"#.utf8).write(to: folder.appending(path: "queue.json"))
    let authority = try TestAuthority("Test CA")
    let own = try authority.issue("ada", names: [.dnsName("ada.example.org")])
    try FileManager.default.copyItem(atPath: own.certificate, toPath: folder.appending(path: "lost-laptop.pem").path)
    try Self.contexts.write(to: folder.appending(path: "contexts.yaml"), atomically: true, encoding: .utf8)
    try await FakeAgent.serve { agent, runner in
      agent.with { Self.furnish(&$0, for: arguments) }
      agent.with { $0.authority = authority }
      var ctl = runner
      ctl.environment["XDG_CONFIG_HOME"] = folder.appending(path: "config").path
      ctl.environment["CARILLON_CERTIFICATE"] = own.certificate
      ctl.environment["CARILLON_KEY"] = own.key
      if arguments.first == "context", arguments.dropFirst().first != "import" {
        let place = folder.appending(path: "config/carillon")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Self.contexts.write(to: place.appending(path: "contexts.yaml"), atomically: true, encoding: .utf8)
      }
      let result = try await ctl.run(arguments, input: example.input ?? "y\n", isTerminal: example.input == nil)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// Files that examples name; they are in the folder of the test.
  private static let files: Set<Substring> = [
    "birthday-de.txt", "carillon.yaml", "ada.json", "contexts.yaml", "lost-laptop.pem", "dashboard.token",
    "queue.json",
  ]

  private static let contexts = """
    current: production
    contexts:
    - name: production
      agents: [{name: north, address: "north.example.org:7443"}]
    - name: staging
      agents: [{name: only, address: "staging.example.org:7443"}]
    """

  /// All that examples speak of; what they create is not there yet.
  static func furnish(_ state: inout FakeAgent.State, for arguments: [String]) {
    let space = "namespaces/default"
    let created = arguments.dropFirst().first == "create" ? arguments[2] : ""
    for id in ["ID", "USER", "ada"] where id != created {
      state.users["\(space)/users/\(id)"] = .with { $0.name = "\(space)/users/\(id)" }
    }
    for id in ["ID", "SCHEDULE", "ada-birthday", "standup"] where id != created {
      let name = "\(space)/schedules/\(id)"
      state.schedules[name] = .with { $0.name = name }
      state.upcoming.append(
        .with {
          $0.schedule = name
          $0.occurrenceKey = id == "standup" ? "2026-12-24T09:30" : "2026-06-01"
          $0.dueTime = .init(seconds: 1_780_300_800)
          $0.localTime = "2026-06-01T09:00:00"
        })
      guard arguments.contains("restore") else { continue }
      state.schedules[name]?.exceptions = [.with { $0.occurrenceKey = "2026-12-24T09:30" }]
    }
    for id in ["ID", "EVENT"] {
      state.events["\(space)/events/\(id)"] = .with { $0.name = "\(space)/events/\(id)" }
    }
    state.eventStates = [.completed]
    for id in ["ID", "partner", "local", "mail"] where id != created {
      state.sinks["\(space)/sinks/\(id)"] = .with { $0.name = "\(space)/sinks/\(id)" }
    }
    if ["diff", "delete"].contains(arguments.first) {
      state.sinks["\(space)/sinks/x"] = .with { ($0.name, $0.plugin) = ("\(space)/sinks/x", "webhook") }
    }
    for id in ["ID", "birthdays"] where id != created {
      state.subscriptions["\(space)/subscriptions/\(id)"] = .with { $0.name = "\(space)/subscriptions/\(id)" }
    }
    for id in ["ID", "birthday-de"] where id != created {
      state.templates["\(space)/templates/\(id)"] = .with {
        $0.name = "\(space)/templates/\(id)"
        $0.eventType = "birthday-\(id)"
      }
    }
    for id in ["ID", "low", "bulk", "critical"] where id != created {
      state.queues["queues/\(id)"] = .with { $0.name = "queues/\(id)" }
    }
    state.plugins = [.with { $0.name = "plugins/ID" }]
    state.deadLetters = [.with { $0.name = "\(space)/deadLetters/42" }]
    state.status.ready = true
    for id in ["ID", "importer"] where id != created {
      state.tokens["tokens/\(id)"] = .with { $0.name = "tokens/\(id)" }
    }
    state.status.agent.name = "agents/north"
    state.shards = [.with { $0.name = "shards/europe-07" }]
    state.auditRecords = [.with { $0.name = "auditRecords/north/1" }]
    state.grants["grants/ID"] = .with { $0.name = "grants/ID" }
    state.denials["denials/bob"] = .with { $0.name = "denials/bob" }
    state.progress = [
      .with {
        ($0.matched, $0.changed) = (3, 3)
        $0.done = true
      }
    ]
  }
}
