import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Bad input")
  struct RefusalTests {
    @Test("spoilt plugins are named with what is wrong, and the good ones beside them work", .timeLimit(.minutes(2)))
    func spoiltPlugins() async throws {
      try await AgentHome.with { home in
        let whole = try Data(contentsOf: URL(filePath: home.programs.plugin("birthday")))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: "\(home.plugins)/libtruncated.so"))
        try Data("no library at all".utf8).write(to: URL(filePath: "\(home.plugins)/libtext.so"))
        try await TinyPlugin.build(into: home.plugins, name: "libfuture.so", abiMajor: 99)
        try await TinyPlugin.build(into: home.plugins)
        try await home.runReady { agent in
          let plugins = try await agent.control { try await $0.plugins.listPlugins(.init()) }.plugins
          func problem(_ file: String) -> String {
            plugins.first { $0.file.hasSuffix("/\(file)") && $0.state == .refused }?.problem ?? ""
          }
          #expect(problem("libtruncated.so").contains("libtruncated.so"), "\(plugins.map(\.problem))")
          #expect(problem("libtext.so").contains("libtext.so"))
          #expect(problem("libfuture.so").contains("99"), "\(problem("libfuture.so"))")
          let good = Set(plugins.filter { $0.state == .loaded }.map { $0.name.replacing("plugins/", with: "") })
          #expect(good == Set(Programs.plugins + ["tiny"]))
          #expect(home.log.contains("libtruncated.so"))
          let listed = try await home.ctl(["plugin", "list", "-o", "json"])
          #expect(listed.output.contains("libfuture.so"), "\(listed.errors)")
        }
      }
    }

    /// A document that is refused, and what must be said about it.
    struct Refused: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var document: String
      var said: [String]
    }

    private static let refused = [
      Refused(
        testDescription: "an unknown zone",
        document: "{kind: User, id: ada, displayName: Ada, timeZone: Mars/Olympus}",
        said: ["Mars/Olympus", "time_zone"]),
      Refused(
        testDescription: "a subscription to a missing sink",
        document: "{kind: Subscription, id: lost, eventType: birthday, sink: nowhere}",
        said: ["nowhere"]),
      Refused(
        testDescription: "a schedule that breaks its schema",
        document: "{kind: Schedule, id: wrong, eventType: birthday, definition: {at: '25:99', colour: red}}",
        said: ["/at", "/colour"]),
      Refused(
        testDescription: "a sink of a plugin that is not there",
        document: "{kind: Sink, id: pigeon, plugin: webhok, configuration: {}}",
        said: ["webhok", "webhook"]),
      Refused(
        testDescription: "a sink that breaks its schema",
        document: "{kind: Sink, id: bad, plugin: webhook, configuration: {url: 'ftp://example.org', timeout_ms: 1}}",
        said: ["/url", "/timeout_ms"]),
    ]

    @Test("a refused document says which field and why, and changes nothing", .timeLimit(.minutes(3)))
    func refusedDocuments() async throws {
      try await AgentHome.with { home in
        try await home.runReady { agent in
          for refused in Self.refused {
            let answer = try await home.ctl(["apply", "-f", "-"], input: refused.document)
            let text = answer.output + answer.errors
            #expect(answer.exitCode != 0, "\(refused.testDescription)")
            for word in refused.said { #expect(text.contains(word), "\(refused.testDescription): \(text)") }
          }
          try await agent.control { control in
            let users = try await control.users.listUsers(.with { $0.parent = Control.namespace }).users
            let sinks = try await control.sinks.listSinks(.with { $0.parent = Control.namespace }).sinks
            let schedules = try await control.schedules.listSchedules(.with { $0.parent = Control.namespace }).schedules
            #expect(users.isEmpty && sinks.isEmpty && schedules.isEmpty)
          }
        }
      }
    }

    @Test("an event that nobody subscribes to ends as skipped, with the reason", .timeLimit(.minutes(2)))
    func noSubscription() async throws {
      try await AgentHome.with { home in
        try await home.runReady { agent in
          let name = try await agent.control { control in
            try await control.events.createEvent(
              .with {
                $0.parent = Control.namespace
                $0.definition.fields["title"] = .with { $0.stringValue = "Nobody hears this" }
              }
            ).name
          }
          try await agent.waitUntilSettled(1)
          let explained = try await home.ctl(["event", "explain", name])
          #expect(explained.output.contains("skipped"), "\(explained.output)\(explained.errors)")
          #expect(explained.output.contains("subscription"), "\(explained.output)")
        }
      }
    }
  }
}
