import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("ctl subscription test")
struct RoutingTests {
  static let definitions = """
    {kind: Sink, id: partner, plugin: webhook}
    ---
    {kind: Sink, id: mail, plugin: email, addressKind: email}
    ---
    {kind: Sink, id: "off", plugin: webhook, disabledReason: moving}
    ---
    {kind: Queue, id: narrow, allowedSinks: [partner]}
    ---
    {kind: Queue, id: held, paused: true}
    ---
    kind: User
    id: ada
    locale: de-AT
    timeZone: Europe/Paris
    addresses: {email: ada@example.org}
    attributes: {team: blue}
    ---
    {kind: User, id: bob, locale: fr, paused: true}
    ---
    {kind: Schedule, id: ada-birthday, eventType: birthday, user: ada, definition: {level: 5, shout: true}}
    ---
    {kind: Schedule, id: stopped, eventType: notification, state: paused}
    ---
    {kind: Subscription, id: a-all, eventType: "*", sink: partner, condition: event.queue != 'low'}
    ---
    {kind: Subscription, id: b-de, eventType: birthday, sink: mail, condition: user.locale.startsWith('de')}
    ---
    {kind: Subscription, id: c-team, eventType: "*", sink: "off", filter: {attributes.team: blue}}
    ---
    {kind: Subscription, id: d-night, eventType: reminder, sink: night, quietHours: {from: "22:00", until: "07:00"}}
    ---
    {kind: Subscription, id: e-digest, eventType: anniversary, sink: mail, digest: {window: 1h}}
    ---
    {kind: Subscription, id: f-topic, eventType: user.created, sink: partner}
    ---
    {kind: Subscription, id: g-late, eventType: "*", sink: partner, condition: definition.level >= 5}
    ---
    {kind: Subscription, id: b-de, namespace: elsewhere, eventType: "*", sink: other}
    """

  /// What an event is, and where it goes: each sink with how.
  static let cases: [(event: String, sinks: [String])] = [
    (#"{"eventType": "notification"}"#, []),
    (#"{"eventType": "notification", "queue": "normal"}"#, ["partner sent"]),
    (#"{"eventType": "birthday", "user": "ada"}"#, ["partner sent", "mail sent", "off waits"]),
    (#"{"eventType": "birthday", "user": {"locale": "de"}}"#, ["partner sent", "mail skipped"]),
    (#"{"eventType": "birthday", "user": {"locale": "fr"}}"#, ["partner sent"]),
    (#"{"eventType": "birthday", "user": "namespaces/default/users/bob"}"#, ["partner skipped"]),
    (#"{"eventType": "birthday", "user": "ada", "queue": "narrow"}"#, ["partner sent"]),
    (#"{"eventType": "birthday", "queue": "queues/held"}"#, ["partner waits"]),
    (#"{"eventType": "birthday", "queue": "low"}"#, []),
    (#"{"eventType": "anniversary", "user": "ada"}"#, ["partner sent", "off waits", "mail merged"]),
    (#"{"eventType": "anniversary", "user": "ada", "test": true}"#, ["partner sent", "off waits", "mail sent"]),
    (#"{"eventType": "user.created", "user": "ada"}"#, ["partner sent"]),
    (#"{"eventType": "sink.disabled"}"#, []),
    (#"{"schedule": "ada-birthday"}"#, ["partner sent", "mail sent", "off waits"]),
    (#"{"schedule": "ada-birthday", "queue": "low"}"#, ["mail sent", "off waits", "partner sent"]),
    (#"{"schedule": "ada-birthday", "queue": "low", "definition": {"level": 4}}"#, ["mail sent", "off waits"]),
    (#"{"schedule": "stopped", "queue": "normal"}"#, ["partner skipped"]),
    // 23:00 in Paris, and 07:00; a test does not wait.
    (
      #"{"eventType": "reminder", "user": "ada", "dueTime": "2026-06-01T21:00:00Z"}"#,
      ["partner sent", "off waits", "night waits"]
    ),
    (
      #"{"eventType": "reminder", "user": "ada", "dueTime": "2026-06-01T05:00:00Z"}"#,
      ["partner sent", "off waits", "night sent"]
    ),
    (
      #"{"eventType": "reminder", "timeZone": "Asia/Tokyo", "dueTime": "2026-06-01T21:00:00Z"}"#,
      ["partner sent", "night waits"]
    ),
    (
      #"{"eventType": "reminder", "user": "ada", "test": true, "dueTime": "2026-06-01T21:00:00Z"}"#,
      ["partner sent", "off waits", "night sent"]
    ),
  ]

  private static func withDefinitions(_ body: (String) async throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ctl-routes-\(UUID().uuidString).yaml")
    try Data(definitions.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await body(file.path)
  }

  private static func sinks(_ output: String) throws -> [String] {
    guard case .array(let sinks) = try JSONValue(parsing: output.utf8)["sinks"] else { return ["none"] }
    return sinks.map { "\($0["sink"]?.text ?? "") \($0["delivery"]?.text ?? "")" }
  }

  @Test("an event goes where the agent's own rules send it; no agent is asked", arguments: cases)
  func offline(event: String, sinks: [String]) async throws {
    try await Self.withDefinitions { file in
      let told = try await CtlRunner(socket: "/nowhere").run(
        ["subscription", "test", "-f", "-", "--definitions", file, "-o", "json"], input: event)
      #expect(told.status == 0, "\(told.errors)")
      #expect(try Self.sinks(told.output) == sinks)
    }
  }

  @Test("an agent's resources give the same answer as the file that they were applied from", arguments: cases)
  func live(event: String, sinks: [String]) async throws {
    try await FakeAgent.serve { agent, ctl in
      let documents = try ApplyDocument.read(Array(Self.definitions.utf8), name: "x", namespace: "default")
      try agent.with { state in
        for document in documents where document.namespace == "default" { try Self.put(document, &state) }
        for id in ["critical", "high", "normal", "low"] {
          state.queues["queues/\(id)"] = .with { $0.name = "queues/\(id)" }
        }
      }
      let told = try await ctl("subscription", "test", "-f", "-", "-o", "json", input: event)
      #expect(told.status == 0, "\(told.errors)")
      // The sink "night" is in no file: an agent knows that it is not there.
      let expected = sinks.map { $0.hasPrefix("night") ? "night skipped" : $0 }
      #expect(try Self.sinks(told.output) == expected)
    }
  }

  private static func put(_ document: ApplyDocument, _ state: inout FakeAgent.State) throws {
    let name = document.name
    switch document.kind {
    case .sinks: state.sinks[name] = try named(Sinks.self, document)
    case .queues: state.queues[name] = try named(Queues.self, document)
    case .users: state.users[name] = try named(Users.self, document)
    case .schedules: state.schedules[name] = try named(Schedules.self, document)
    default: state.subscriptions[name] = try named(Subscriptions.self, document)
    }
  }

  private static func named<N: ApplicableNoun>(_ noun: N.Type, _ document: ApplyDocument) throws -> N.Resource {
    var resource = try N.decode(document)
    N.setIdentity(&resource, name: document.name, etag: "")
    return resource
  }

  @Test(
    "each subscription that does not match says which part says no, and what was there",
    arguments: [
      (
        #"{"eventType": "birthday", "user": {"locale": "fr"}}"#, "b-de",
        #"condition: user.locale.startsWith('de') does not hold: user.locale is "fr""#
      ),
      (#"{"eventType": "birthday"}"#, "b-de", "user.locale is not there"),
      (#"{"eventType": "reminder"}"#, "b-de", "event type: wants birthday, not reminder"),
      (#"{"eventType": "sink.disabled"}"#, "a-all", "* means no topics: sink.disabled is asked for by name"),
      (
        #"{"eventType": "reminder", "user": {"attributes": {"team": "red"}}}"#, "c-team",
        #"filter: attributes.team must be "blue"; user.attributes.team is "red""#
      ),
      (
        #"{"eventType": "birthday", "user": "ada", "queue": "narrow"}"#, "b-de",
        "queue: the queue narrow allows only partner"
      ),
      (#"{"schedule": "ada-birthday"}"#, "g-late", "a-all comes first and decides how"),
    ])
  func why(event: String, subscription: String, reason: String) async throws {
    try await Self.withDefinitions { file in
      let told = try await CtlRunner(socket: "/nowhere").run(
        ["subscription", "test", "-f", "-", "--definitions", file], input: event)
      let line = try #require(told.lines.first { $0.hasPrefix(subscription + " ") }, "\(told.output)\(told.errors)")
      #expect(line.contains(reason), "\(line)")
    }
  }

  @Test(
    "--expect ends with 1 when it goes elsewhere, and says why",
    arguments: [
      ("partner", 0, ""), (" namespaces/default/sinks/partner ", 0, ""),
      ("partner,mail", 1, "mail: expected, but no subscription matches: b-de (condition"),
      ("", 1, "partner: not expected, but subscription a-all sends it there"),
      ("partner,ghost", 1, "ghost: expected, but no subscription names it"),
    ])
  func expect(sinks: String, status: Int32, says: String) async throws {
    try await Self.withDefinitions { file in
      let told = try await CtlRunner(socket: "/nowhere").run(
        ["subscription", "test", "-f", "-", "--definitions", file, "--expect", sinks],
        input: #"{"eventType": "birthday", "user": {"locale": "fr"}}"#)
      #expect(told.status == status, "\(told.errors)")
      #expect(says.isEmpty ? told.errors.isEmpty : told.errors.contains(says), "\(told.errors)")
    }
  }

  @Test("programs are told what is missing and what is too much")
  func difference() async throws {
    try await Self.withDefinitions { file in
      let told = try await CtlRunner(socket: "/nowhere").run(
        ["subscription", "test", "-f", "-", "--definitions", file, "--expect", "mail", "-o", "json"],
        input: #"{"eventType": "birthday"}"#)
      #expect(told.status == 1)
      let json = try JSONValue(parsing: told.output.utf8)
      #expect(json["missing"]?.compact == #"["mail"]"#)
      #expect(json["unexpected"]?.compact == #"["partner"]"#)
      #expect(json["event"]?.compact == #"{"eventType":"birthday","queue":"critical"}"#)
    }
  }

  @Test("an event that exists is tested as get prints it")
  func existing() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { ExampleTests.furnish(&$0, for: []) }
      let event = try await ctl("event", "get", "EVENT", "-o", "json")
      let told = try await ctl("subscription", "test", "-f", "-", input: event.output)
      #expect(told.status == 0, "\(told.errors)")
      #expect(told.output.contains("GOES TO"))
    }
  }

  @Test(
    "what cannot be tested is refused by field",
    arguments: [
      ("", "must have one event"), ("[]", "must have one event"), ("{}", "eventType: is missing"),
      ("{eventType: a, colour: red}", "colour"), ("{eventTyp: a}", "did you mean"),
      ("{eventType: a, test: 1}", "must be true or false"), ("{eventType: a, dueTime: soon}", "dueTime"),
      ("{eventType: a, user: {shoe: 44}}", "shoe"), ("{eventType: a, user: nobody}", "nothing is known of the user"),
      ("{eventType: a, definition: x}", "must be a mapping"), ("{eventType: a, queue: users/x}", "queue"),
    ])
  func refused(event: String, says: String) async throws {
    try await Self.withDefinitions { file in
      let told = try await CtlRunner(socket: "/nowhere").run(
        ["subscription", "test", "-f", "-", "--definitions", file], input: event)
      #expect(told.status == 64)
      #expect(told.errors.contains(says), "\(told.errors)")
    }
  }

  @Test("a subscription that the agent would refuse is refused")
  func faulty() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ctl-routes-\(UUID().uuidString).yaml")
    try Data("{kind: Subscription, id: s, eventType: a, sink: b, condition: event.colour == 'red'}".utf8).write(
      to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let told = try await CtlRunner(socket: "/nowhere").run(
      ["subscription", "test", "-f", "-", "--definitions", file.path], input: "{eventType: a}")
    #expect(told.status == 64)
    #expect(told.errors.contains("subscription s cannot be") && told.errors.contains("is no field"), "\(told.errors)")
  }

  @Test("an agent that has no such user or queue says so")
  func missing() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      agent.with { ExampleTests.furnish(&$0, for: []) }
      for event in [#"{"eventType": "birthday", "user": "eve"}"#, #"{"eventType": "birthday", "queue": "gone"}"#] {
        #expect(try await ctl("subscription", "test", "-f", "-", input: event).status == 5)
      }
    }
  }
}
