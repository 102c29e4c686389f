import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Files and what is there")
struct DiffTests {
  private let sink = """
    kind: Sink
    id: hook
    plugin: webhook
    configuration: {url: "https://example.org/x", retry: {max: 3}}
    maxInFlight: 10
    """

  @Test("a difference is told field by field and ends with 1; without one it ends with 0")
  func difference() async throws {
    try await FakeAgent.serve { agent, ctl in
      let new = try await ctl("diff", "-f", "-", input: sink)
      #expect(new.status == 1)
      #expect(new.lines.first == "sink hook: would be created")
      #expect(agent.with { $0.sinks.isEmpty })
      #expect(try await ctl("apply", "-f", "-", input: sink).status == 0)
      let same = try await ctl("diff", "-f", "-", input: sink)
      #expect(same.status == 0, "\(same.errors)")
      #expect(same.output == "")
      let changed = sink.replacing("max: 3", with: "max: 4").replacing("maxInFlight: 10", with: "maxInFlight: 11")
      let told = try await ctl("diff", "-f", "-", input: changed)
      #expect(told.status == 1)
      #expect(
        told.lines == [
          "sink hook: would be updated", "  - configuration.retry.max: 3", "  + configuration.retry.max: 4",
          "  - maxInFlight: 10", "  + maxInFlight: 11",
        ])
      let json = try JSONValue(parsing: try await ctl("diff", "-f", "-", "-o", "json", input: changed).output.utf8)
      guard case .array(let documents) = json, case .array(let changes) = documents.first?["changes"] else {
        Issue.record("no changes")
        return
      }
      #expect(changes.map { $0["path"]?.text } == ["configuration.retry.max", "maxInFlight"])
      #expect(agent.with { $0.sinks["namespaces/default/sinks/hook"]?.maxInFlight } == 10)
    }
  }

  @Test("a document that cannot be is refused as by apply")
  func refused() async throws {
    try await FakeAgent.serve { _, ctl async throws in
      #expect(try await ctl("diff", "-f", "-", input: sink.replacing("webhook", with: "pigeon")).status == 64)
      #expect(try await ctl("diff", "-f", "/no/such/file").status == 64)
    }
  }

  private let pair = """
    kind: Sink
    id: hook
    plugin: webhook
    ---
    kind: Subscription
    id: birthdays
    eventType: birthday
    sink: hook
    """

  @Test("what a file describes is deleted after a question, what refers to others first")
  func delete() async throws {
    try await FakeAgent.serve { agent, ctl in
      #expect(try await ctl("apply", "-f", "-", input: pair).status == 0)
      #expect(try await ctl("delete", "-f", "-", input: pair).status == 64)
      #expect(agent.with { $0.sinks.count } == 1)
      let deleted = try await ctl("delete", "-f", "-", "--yes", input: pair)
      #expect(deleted.lines.dropFirst() == ["subscription  birthdays  deleted", "sink          hook       deleted"])
      #expect(agent.with { $0.sinks.isEmpty && $0.subscriptions.isEmpty })
    }
  }

  @Test("--prune deletes what the file does not have, of its kinds; tried first, asked before")
  func prune() async throws {
    try await FakeAgent.serve { agent, ctl in
      for id in ["old", "older"] {
        let name = "namespaces/default/sinks/\(id)"
        agent.with { $0.sinks[name] = .with { $0.name = name } }
      }
      agent.with { $0.users["namespaces/default/users/ada"] = .with { $0.name = "namespaces/default/users/ada" } }
      let tried = try await ctl("apply", "-f", "-", "--prune", "--dry-run=server", input: pair)
      #expect(tried.status == 0, "\(tried.errors)")
      #expect(tried.output.contains("old") && tried.lines.first?.contains("WOULD BE") == true)
      #expect(agent.with { $0.sinks.count } == 2)
      #expect(try await ctl("apply", "-f", "-", "--prune", input: pair).status == 64)
      #expect(agent.with { $0.sinks.count } == 2)
      #expect(try await ctl("apply", "-f", "-", "--prune", "--yes", input: pair).status == 0)
      #expect(agent.with { Array($0.sinks.keys) } == ["namespaces/default/sinks/hook"])
      #expect(agent.with { $0.users.count } == 1)
      #expect(try await ctl("apply", "-f", "-", "--dry-run=client", input: pair).status == 64)
    }
  }
}
