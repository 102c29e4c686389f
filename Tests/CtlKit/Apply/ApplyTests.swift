import ControlAPI
import Foundation
import GRPCProtobuf
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("ctl apply")
struct ApplyTests {
  private func read(_ text: String) throws -> [ApplyDocument] {
    try ApplyDocument.read(Array(text.utf8), name: "test", namespace: "default")
  }

  private func faults(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let error as CtlError {
      return error.violations.isEmpty ? [error.message] : error.violations.map { "\($0.field): \($0.reason)" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("documents become the proto's JSON, with a mask of what they say")
  func decoding() throws {
    let documents = try read(
      """
      # two documents
      kind: Schedule
      id: team-lunch
      namespace: team
      user: ada
      event_type: birthday
      definition: {at: 09:00, lead_days: 7, on: yes}
      catchUp: {mode: latest, window: 1h30m}
      gap: shift-forward
      ---
      {"kind": "Queue", "id": "bulk", "priority": 10, "ratePerSecond": 2.5, "retry": {"base": "250ms"},
       "allowedSinks": ["hook"]}
      """)
    #expect(documents.map(\.name) == ["namespaces/team/schedules/team-lunch", "queues/bulk"])
    #expect(
      documents[0].body.compact
        == #"{"user":"namespaces/team/users/ada","eventType":"birthday","#
        + #""definition":{"at":"09:00","lead_days":7,"on":"yes"},"#
        + #""catchUp":{"mode":"MODE_LATEST","window":"5400s"},"gap":"GAP_RULE_SHIFT_FORWARD"}"#)
    #expect(documents[0].paths == ["user", "event_type", "definition", "catch_up", "gap"])
    #expect(
      documents[1].body.compact
        == #"{"priority":10,"ratePerSecond":2.5,"retry":{"base":"0.250s"},"#
        + #""allowedSinks":["namespaces/default/sinks/hook"]}"#)
    #expect(documents[1].paths == ["priority", "rate_per_second", "retry.base", "allowed_sinks"])
  }

  @Test(
    "a fault names its line, its key and what is allowed",
    arguments: [
      (
        "kind: Sinck\nid: x",
        "line 1: kind: \"Sinck\" is none of Queue, Schedule, Sink, Subscription, Template, User; did you mean \"Sink\"?"
      ),
      ("id: x", "line 1: kind: is missing"),
      ("kind: Sink\nplugin: webhook", "line 1: id: is missing"),
      ("kind: Sink\nid: x\nconfguration: {}", "line 3: confguration: is not known; did you mean \"configuration\"?"),
      ("kind: Sink\nid: x\nmaxInFlight: many", "line 3: maxInFlight: must be a whole number"),
      ("kind: Sink\nid: x\nconfiguration: text", "line 3: configuration: must be a mapping"),
      (
        "kind: Sink\nid: x\nonUnknown: prak",
        "line 3: onUnknown: \"prak\" is none of resend, park; did you mean \"park\"?"
      ),
      ("kind: Sink\nid: a/b", "line 1: id: sink: \"a/b\" is no name of a sink"),
      (
        "kind: Schedule\nid: x\ncatchUp: {mode: all, wnidow: 1h}",
        "line 3: catchUp.wnidow: is not known; did you mean \"window\"?"
      ),
      ("kind: Schedule\nid: x\ncatchUp: {window: 1}", "line 3: catchUp.window: must be a span of time"),
      ("kind: User\nid: x\npaused: yes", "line 3: paused: must be true or false"),
      ("kind: User\nid: x\ndates: {birth: [1]}", "line 3: dates.birth: must be a text"),
      ("- 1", "line 1: document: must be a mapping"),
      ("kind: [", "test is not valid YAML"),
      ("", "test has no document"),
      ("# nothing\n", "test has no document"),
      ("kind: Sink\nid: x\nid: y", "test is not valid YAML"),
    ])
  func faultText(text: String, expected: String) {
    let found = faults(text)
    #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
  }

  @Test("the sample can be applied")
  func sample() async throws {
    try await FakeAgent.serve { agent, ctl in
      let path = Fixture.sample.deletingLastPathComponent().appending(path: "local.yaml").path
      let result = try await ctl("apply", "-f", path, "-o", "name")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.lines == [
          "namespaces/default/sinks/local", "namespaces/default/sinks/local-mail",
          "namespaces/default/subscriptions/everything-to-local",
          "namespaces/default/subscriptions/everything-to-local-mail",
        ])
    }
  }

  @Test("all faults of a file are told at once")
  func allFaults() {
    #expect(faults("kind: Sink\nid: x\na: 1\nb: 2\n---\nkind: Zzzz\nid: y").count == 3)
  }

  @Test("every key that is offered exists in the API", arguments: ApplySchema.all.keys.sorted())
  func schemaFitsProto(kind: String) throws {
    let schema = try #require(ApplySchema.all[kind])
    func sample(_ form: ApplySchema.Form) -> JSONValue {
      switch form {
      case .text, .reference: .string("x")
      case .integer: .integer(1)
      case .number: .number("1.5")
      case .bool: .bool(true)
      case .duration: .string("1s")
      case .choice(let prefix, let choices):
        .string(prefix + ApplyDecoder.snakeCase(choices[choices.count - 1]).uppercased())
      case .references: .array([.string("x")])
      case .texts: .object([("a", .string("b"))])
      case .object: .object([("a", .array([.null]))])
      case .fields(let fields), .parts(let fields): .object(fields.map { ($0.key, sample($0.value)) })
      }
    }
    let text = sample(.fields(schema.fields)).compact
    switch schema.kind {
    case .users: #expect(throws: Never.self) { try Carillon_V1_User(jsonString: text) }
    case .schedules: #expect(throws: Never.self) { try Carillon_V1_Schedule(jsonString: text) }
    case .sinks: #expect(throws: Never.self) { try Carillon_V1_Sink(jsonString: text) }
    case .subscriptions: #expect(throws: Never.self) { try Carillon_V1_Subscription(jsonString: text) }
    case .queues: #expect(throws: Never.self) { try Carillon_V1_Queue(jsonString: text) }
    case .templates: #expect(throws: Never.self) { try Carillon_V1_Template(jsonString: text) }
    case .events, .deadLetters, .plugins, .agents, .tokens, .grants, .denials: Issue.record("cannot be applied")
    }
  }

  @Test("aliases cannot blow a file up")
  func billionLaughs() {
    var text = "kind: Sink\nid: x\nconfiguration:\n  a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...9 {
      let references = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "  a\(level): &a\(level) [\(references)]\n"
    }
    #expect(faults(text) == ["more than \(YAMLReader.maxValues) values"])
  }

  @Test("a deep document is refused")
  func deep() {
    let depth = YAMLReader.maxDepth + 1
    let text =
      "kind: Sink\nid: x\nconfiguration: {a: " + String(repeating: "[", count: depth)
      + String(repeating: "]", count: depth) + "}"
    #expect(faults(text).first?.contains("nested deeper") == true)
  }

  private let pair = """
    kind: Subscription
    id: birthdays
    eventType: birthday
    sink: hook
    ---
    kind: Sink
    id: hook
    plugin: webhook
    configuration: {url: "https://example.org/x"}
    maxInFlight: 10
    """

  @Test("applying creates in the order of references, then changes nothing, then only what differs")
  func applying() async throws {
    try await FakeAgent.serve { agent, ctl in
      let first = try await ctl("apply", "-f", "-", input: pair)
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        first.lines == [
          "KIND          ID         EFFECT", "sink          hook       created", "subscription  birthdays  created",
        ])
      let second = try await ctl("apply", "-f", "-", input: pair)
      #expect(second.lines.dropFirst().allSatisfy { $0.hasSuffix("unchanged") }, "\(second.output)")
      let changed = pair.replacing("maxInFlight: 10", with: "maxInFlight: 11")
      let dry = try await ctl("apply", "-f", "-", "--dry-run", input: changed)
      #expect(dry.lines.first?.contains("WOULD BE") == true)
      #expect(dry.output.contains("sink          hook       updated"))
      #expect(agent.with { $0.sinks["namespaces/default/sinks/hook"]?.maxInFlight } == 10)
      let third = try await ctl("apply", "-f", "-", "-o", "json", input: changed)
      #expect(third.output.contains(#""effect": "updated""#))
      #expect(agent.with { $0.sinks["namespaces/default/sinks/hook"]?.maxInFlight } == 11)
    }
  }

  @Test("a template is applied after the sink that it is for")
  func template() async throws {
    try await FakeAgent.serve { agent, ctl in
      let file = """
        kind: Template
        id: birthday-de
        eventType: birthday
        locale: de
        sink: hook
        title: Alles Gute, {{user.name}}!
        text: |
          Alles Gute!
        ---
        kind: Sink
        id: hook
        plugin: webhook
        """
      let first = try await ctl("apply", "-f", "-", input: file)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.lines.dropFirst() == ["sink      hook         created", "template  birthday-de  created"])
      let stored = try #require(agent.with { $0.templates["namespaces/default/templates/birthday-de"] })
      #expect(stored.sink == "namespaces/default/sinks/hook")
      #expect(stored.title == "Alles Gute, {{user.name}}!")
      let second = try await ctl("apply", "-f", "-", input: file)
      #expect(second.lines.dropFirst().allSatisfy { $0.hasSuffix("unchanged") }, "\(second.output)")
      let third = try await ctl("apply", "-f", "-", input: file.replacing("locale: de", with: "locale: de-AT"))
      #expect(third.lines.last == "template  birthday-de  updated")
    }
  }

  @Test("a file with a fault changes nothing; a refusal costs one document")
  func failures() async throws {
    try await FakeAgent.serve { agent, ctl in
      let faulty = try await ctl("apply", "-f", "-", input: pair.replacing("plugin:", with: "plugn:"))
      #expect(faulty.status == 64)
      #expect(faulty.errors.contains("did you mean \"plugin\"?"))
      #expect(agent.with { $0.requests.isEmpty })
      let refused = try await ctl("apply", "-f", "-", input: pair.replacing("sink: hook", with: "sink: other"))
      #expect(refused.status == 8)
      #expect(refused.output.contains("line 1: the request is not valid; subscription.sink: does not exist"))
      let all = try await ctl("apply", "-f", "-", input: "kind: Sink\nid: x\nplugin: carrier-pigeon")
      #expect(all.status == 64)
      #expect(all.errors.contains("sink.plugin: no such plugin"))
      #expect(try await ctl("apply", "-f", "/no/such/file").status == 64)
    }
  }
}
