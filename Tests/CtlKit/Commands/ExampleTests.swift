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
  /// The command whose output it reads: `ctl … | ctl …`.
  var source: [String]?

  var testDescription: String { "ctl " + arguments.joined(separator: " ") }

  /// Commands that other suites run: they read files of many kinds, serve until they are ended, or write to the system.
  var isRunElsewhere: Bool {
    ["import", "listen"].contains(arguments.first ?? "") || isWatch || arguments.starts(with: ["man", "/usr"])
      // Both need a compiler: see the tests of the templates.
      || arguments.starts(with: ["plugin", "new"]) || arguments.starts(with: ["plugin", "run"])
      // It waits for a trial's end, which this agent never tells: see the tests of the command.
      || (arguments.starts(with: ["plugin", "reload"]) && arguments.contains("--wait"))
      // It goes on until it is interrupted: see the tests of the command.
      || (arguments.starts(with: ["plugin", "logs"]) && arguments.contains("--follow"))
      // Its children are the program itself: see the tests of PluginTesting.
      || arguments.starts(with: ["plugin", "check"])
      // Starts agents: see the tests of CheckHost.
      || arguments.starts(with: ["plugin", "check-host"])
  }

  /// Goes on until it is interrupted.
  var isWatch: Bool { arguments.contains("--watch") }

  /// Every example of every command, and the common tasks.
  static let all: [Example] = {
    var found: [Example] = []
    func gather(_ command: any ParsableCommand.Type) {
      let configuration = command.configuration
      found += examples(configuration.discussion)
      for child in configuration.subcommands { gather(child) }
    }
    gather(Ctl.self)
    return found + examples(Ctl.commonTasks.replacing(#/\ {3,}.*/#, with: ""))
  }()

  private static func examples(_ text: String) -> [Example] {
    let lines = text.replacing(/\\\n\s*/, with: "").split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    return lines.indices.filter { lines[$0].hasPrefix("ctl ") }.map { index in
      guard let mark = lines[index].range(of: " <<END") else {
        let parts = lines[index].components(separatedBy: " | ").map(words)
        return Example(arguments: parts[parts.count - 1], source: parts.count > 1 ? parts[0] : nil)
      }
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
    #expect(Example.all.count > 140)
  }

  @Test("every command that does something has one of its own")
  func complete() throws {
    let commands = try CommandInfo.ctl().all.filter(\.children.isEmpty)
    #expect(commands.count > 100)
    for command in commands {
      let words = command.path.dropFirst()
      #expect(Example.all.contains { $0.arguments.starts(with: words) }, "\(command.path.joined(separator: " "))")
    }
  }

  @Test(
    "what people must not have to guess is shown",
    arguments: [
      ["apply", "-f", "carillon.yaml", "--prune", "--dry-run=server"], ["diff", "-f"], ["delete", "-f"],
      ["queue", "create"], ["queue", "update"], ["queue", "delete"], ["queue", "drain"], ["queue", "purge"],
      ["event", "move"], ["event", "prioritize"], ["stats"], ["agent", "logs"], ["agent", "reload"], ["top"], ["api"],
      ["completion"], ["doctor"], ["whoami"], ["token", "create"], ["grant", "create"], ["denial", "create"],
      ["audit", "verify"], ["context", "import"], ["subscription", "test"], ["man"],
    ])
  func shown(words: [String]) {
    #expect(Example.all.contains { $0.arguments.starts(with: words) })
  }

  /// Ended as a person ends it, which takes the real program.
  @Test("one with --watch shows what there is, and ends with 0 at Ctrl-C", arguments: Example.all.filter(\.isWatch))
  func watches(example: Example) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        Self.furnish(&state, for: example.arguments)
        state.watchesStayOpen = true
        state.statistics.rows = [.with { $0.queue = "queues/low" }]
      }
      let program = CtlProcess(example.arguments, socket: try #require(ctl.socket))
      let first = try await program.firstOutput()
      program.interrupt()
      let status = await program.end()
      #expect(!first.isEmpty && status == 0, "\(program.errors)")
      #expect(program.errors.isEmpty)
    }
  }

  @Test("a line is one of ctl's")
  func parses() async throws {
    for example in Example.all {
      #expect(throws: Never.self, "\(example.testDescription)") { try Ctl.parseAsRoot(example.arguments) }
      // Parsing takes long without optimization; tests that look at the clock want their turn.
      await Task.yield()
    }
  }

  @Test("an example does what it shows", arguments: Example.all.filter { !$0.isRunElsewhere })
  func runs(example: Example) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ctl-example-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("Alles Gute!".utf8).write(to: folder.appending(path: "birthday-de.txt"))
    let isTested = example.arguments.contains("--definitions")
    try Data((isTested ? Self.routes : "kind: Sink\nid: x\nplugin: webhook\n").utf8)
      .write(to: folder.appending(path: "carillon.yaml"))
    try Data(#"{"eventType": "birthday", "user": "ada"}"#.utf8).write(to: folder.appending(path: "event.json"))
    let arguments = example.arguments.map { word in
      let prefix = word.hasPrefix("@") ? "@" : ""
      let isFile = Self.files.contains(word.dropFirst(prefix.count))
      return isFile ? prefix + folder.appending(path: String(word.dropFirst(prefix.count))).path : word
    }
    try Data(#"{"name": "queues/low"}"#.utf8).write(to: folder.appending(path: "queue.json"))
    try Data(#"{"bells": 3}"#.utf8).write(to: folder.appending(path: "ring.json"))
    try FileManager.default.copyItem(
      at: InspectTests.frozen.appending(path: "sink.so"), to: folder.appending(path: "pager.so"))
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
      var input = example.input
      if let source = example.source {
        let piped = try await ctl.run(source)
        #expect(piped.status == 0, "\(piped.errors)")
        input = piped.output
      }
      let result = try await ctl.run(arguments, input: input ?? "y\n", isTerminal: input == nil)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// Files that examples name; they are in the folder of the test.
  private static let files: Set<Substring> = [
    "birthday-de.txt", "carillon.yaml", "ada.json", "contexts.yaml", "lost-laptop.pem", "dashboard.token",
    "queue.json", "event.json", "ring.json", "pager.so",
  ]

  private static let routes = """
    {kind: Sink, id: partner, plugin: webhook}
    ---
    {kind: Subscription, id: birthdays, eventType: birthday, sink: partner}
    """

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
      state.events["\(space)/events/\(id)"] = .with {
        $0.name = "\(space)/events/\(id)"
        $0.eventType = "birthday"
        $0.user = "\(space)/users/ada"
      }
    }
    state.eventStates = [.completed]
    for id in ["ID", "partner", "local", "mail"] where id != created {
      state.sinks["\(space)/sinks/\(id)"] = .with { $0.name = "\(space)/sinks/\(id)" }
    }
    if ["diff", "delete"].contains(arguments.first) {
      state.sinks["\(space)/sinks/x"] = .with { ($0.name, $0.plugin) = ("\(space)/sinks/x", "webhook") }
    }
    for id in ["ID", "birthdays"] where id != created {
      state.subscriptions["\(space)/subscriptions/\(id)"] = .with {
        $0.name = "\(space)/subscriptions/\(id)"
        $0.eventType = "birthday"
        $0.sink = "\(space)/sinks/\(id == "ID" ? "mail" : "partner")"
      }
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
    state.plugins = ["ID", "ring"].map { id in .with { $0.name = "plugins/\(id)" } }
    state.pluginLogs = [.with { $0.message = "ding" }]
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
