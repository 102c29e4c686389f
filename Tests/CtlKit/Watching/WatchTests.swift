import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("--watch")
struct WatchTests {
  private static func queue(_ id: String, weight: Int32 = 1) -> Carillon_V1_Queue {
    .with { ($0.name, $0.weight) = ("queues/\(id)", weight) }
  }

  private static func answer(
    _ cursor: String, _ queue: Carillon_V1_Queue, deleted: Bool = false
  ) -> Carillon_V1_WatchQueuesResponse {
    .with {
      $0.cursor = cursor
      $0.changes = [
        .with {
          $0.queue = queue
          $0.deleted = deleted
        }
      ]
    }
  }

  /// `id change` of each line.
  private static func changes(_ result: CtlRunner.Result) throws -> [String] {
    try result.lines.map { line in
      let json = try JSONValue(parsing: line.utf8)
      return "\(ResourceName.id(json["name"]?.text ?? "")) \(json["change"]?.text ?? "")"
    }
  }

  @Test("first what there is, then each change of the API's watch, and only changes", arguments: ["json", "jsonl"])
  func queues(form: String) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues = ["queues/low": Self.queue("low"), "queues/high": Self.queue("high")]
        state.queueChanges = [
          Self.answer("1", Self.queue("low", weight: 2)), .with { $0.cursor = "2" },
          // Told again, as after a cut: nothing is new.
          Self.answer("3", Self.queue("low", weight: 2)), Self.answer("4", Self.queue("bulk")),
          Self.answer("5", .with { $0.name = "queues/high" }, deleted: true),
        ]
        state.watchesStayOpen = true
      }
      let told = try await ctl("queue", "list", "--watch", "--count", "3", "-o", form)
      #expect(told.status == 0, "\(told.errors)")
      #expect(
        try Self.changes(told) == ["high present", "low present", "low changed", "bulk added", "high gone"])
    }
  }

  @Test("it goes on from the cursor after a cut, and says so once")
  func cut() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues = ["queues/low": Self.queue("low")]
        state.queueChanges = (1...4).map { Self.answer("\($0)", Self.queue("low", weight: $0 + 1)) }
        state.watchBreaksAfter = 3
        state.watchesStayOpen = true
      }
      let told = try await ctl("queue", "get", "low", "--watch", "--count", "4", "-o", "jsonl")
      #expect(told.status == 0, "\(told.errors)")
      #expect(try Self.changes(told) == ["low present"] + Array(repeating: "low changed", count: 4))
      #expect(agent.requests(Carillon_V1_WatchQueuesRequest.self).map(\.cursor) == ["", "2"])
      #expect(told.errors == "the connection broke; going on where it was as soon as it can\n")
    }
  }

  @Test("get tells nothing of others")
  func get() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues = ["queues/low": Self.queue("low"), "queues/high": Self.queue("high")]
        state.queueChanges = [
          Self.answer("1", Self.queue("high", weight: 2)), Self.answer("2", Self.queue("low", weight: 2)),
        ]
        state.watchesStayOpen = true
      }
      let told = try await ctl("queue", "get", "low", "--watch", "--count", "1", "-o", "jsonl")
      #expect(try Self.changes(told) == ["low present", "low changed"])
      let missing = try await ctl("queue", "get", "gone", "--watch")
      #expect(missing.status == 5)
    }
  }

  @Test("where the API has no watch the list is asked for again, and only what differs is shown")
  func polling() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = { (id: String) in "namespaces/default/users/\(id)" }
      let user = { (id: String, locale: String) in
        Carillon_V1_User.with { ($0.name, $0.locale) = (name(id), locale) }
      }
      agent.with { $0.users = [name("ada"): user("ada", "de"), name("bob"): user("bob", "fr")] }
      async let watching = ctl("user", "list", "--watch", "--interval", "500ms", "--count", "3", "-o", "jsonl")
      while agent.requests(Carillon_V1_ListUsersRequest.self).count < 2 { await Task.yield() }
      agent.with {
        $0.users[name("ada")] = user("ada", "en")
        $0.users[name("bob")] = nil
        $0.users[name("cyd")] = user("cyd", "it")
      }
      let told = try await watching
      #expect(told.status == 0, "\(told.errors)")
      #expect(
        try Self.changes(told) == ["ada present", "bob present", "ada changed", "cyd added", "bob gone"])
    }
  }

  @Test("an event is shown when it is new or something became of it, as far as the list has it")
  func events() async throws {
    try await FakeAgent.serve { agent, ctl in
      let name = { (id: String) in "namespaces/default/events/\(id)" }
      let event = { (id: String, type: String, state: Carillon_V1_Event.State) in
        Carillon_V1_Event.with { ($0.name, $0.eventType, $0.state) = (name(id), type, state) }
      }
      let receipt = { (cursor: String, id: String) in
        Carillon_V1_WatchReceiptsResponse.with {
          $0.cursor = cursor
          $0.receipts = [.with { $0.event = name(id) }]
        }
      }
      agent.with { state in
        state.events = [name("a"): event("a", "birthday", .pending), name("b"): event("b", "birthday", .pending)]
        // The first answer only has the cursor, from before the list.
        state.receipts = [
          .with { $0.cursor = "r0" }, receipt("r1", "a"), receipt("r2", "other"), receipt("r3", "gone"),
        ]
        state.changes = [.with { $0.cursor = "c0" }]
        state.watchesStayOpen = true
      }
      async let watching = ctl(
        "event", "list", "--type", "birthday", "--watch", "--count", "1", "-o", "jsonl")
      while agent.requests(Carillon_V1_ListEventsRequest.self).isEmpty { await Task.yield() }
      agent.with { state in
        state.events[name("a")] = event("a", "birthday", .completed)
        state.events[name("other")] = event("other", "reminder", .completed)
      }
      let told = try await watching
      #expect(told.status == 0, "\(told.errors)")
      let last = try JSONValue(parsing: try #require(told.lines.last).utf8)
      #expect(last["name"]?.text == name("a") && last["state"]?.text == "STATE_COMPLETED")
      #expect(!told.output.contains("other"))
      #expect(agent.requests(Carillon_V1_WatchReceiptsRequest.self).map(\.cursor) == ["", "r0"])
      #expect(agent.requests(Carillon_V1_WatchChangesRequest.self).map(\.cursor).contains("c0"))
    }
  }

  @Test("people see columns that stay where they are, with what became of each row")
  func table() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues = ["queues/a-long-name": Self.queue("a-long-name")]
        state.queueChanges = [Self.answer("1", Self.queue("b")), Self.answer("2", Self.queue("b", weight: 5))]
        state.watchesStayOpen = true
      }
      let told = try await ctl("queue", "list", "--watch", "--count", "2", "-o", "wide")
      #expect(
        told.lines.map { $0.prefix(21) } == [
          "CHANGE   ID          ", "present  a-long-name ", "added    b           ", "changed  b           ",
        ])
      let weights = told.lines.map { $0.contains("  5  ") }
      #expect(weights == [false, false, false, true])
    }
  }

  @Test("ids alone, and YAML documents")
  func otherForms() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.queues = ["queues/low": Self.queue("low")]
        state.queueChanges = [Self.answer("1", Self.queue("low", weight: 2))]
        state.watchesStayOpen = true
      }
      let names = try await ctl("queue", "list", "--watch", "--count", "1", "-o", "name")
      #expect(names.lines == ["queues/low", "queues/low"])
      let yaml = try await ctl("queue", "list", "--watch", "--count", "1", "-o", "yaml")
      let documents = try YAMLReader.documents(Array(yaml.output.utf8), name: "x")
      #expect(documents.compactMap { $0.json["change"]?.text } == ["present", "changed"])
    }
  }

  @Test("plugins come with what is gone")
  func plugins() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.plugins = [.with { $0.name = "plugins/a" }, .with { $0.name = "plugins/b" }]
        state.removedPlugins = ["plugins/a"]
        state.watchesStayOpen = true
      }
      let told = try await ctl("plugin", "list", "--watch", "--count", "1", "-o", "jsonl")
      #expect(told.status == 0, "\(told.errors)")
      #expect(try Self.changes(told) == ["a present", "b present", "a gone"])
    }
  }

  @Test("a lease that runs down is no change of an agent")
  func steady() throws {
    let agent = Carillon_V1_Agent.with {
      $0.name = "agents/a"
      $0.leaseLeft = .init(seconds: 9)
    }
    var later = agent
    later.leaseLeft = .init(seconds: 8)
    #expect(agent.steady == later.steady)
    later.ownedBuckets = 1
    #expect(agent.steady != later.steady)
  }

  @Test("more than can be compared is refused, with a way out")
  func tooMany() throws {
    let printer = Printer(
      format: .name, paint: .off, show: ValueText(zone: .utc), sink: TextCollector())
    let feed = RowFeed<Carillon_V1_Queue>(printer: printer, isFleet: false, limit: .max)
    let rows = (0...RowFeed<Carillon_V1_Queue>.maxRows).map { Self.queue("\($0)") }
    try feed.take(all: Array(rows.dropLast()))
    let error = #expect(throws: CtlError.self) { try feed.take(all: rows) }
    #expect(error?.hint?.contains("narrow") == true)
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      ["--interval", "2s"], ["--count", "1"], ["--watch", "--interval", "100ms"], ["--watch", "--interval", "2h"],
      ["--watch", "--count", "0"], ["--watch", "--limit", "5"],
    ])
  func usage(flags: [String]) async throws {
    let refused = try await CtlRunner(socket: "/nowhere").run(["user", "list"] + flags)
    #expect(refused.status == 64, "\(refused.errors)")
  }

  @Test("every list and get of a resource can be watched")
  func everywhere() async throws {
    let commands = ListFormTests.commands.filter { $0.first != "context" }
    #expect(commands.count >= 15)
    for command in commands {
      let help = try await CtlRunner(socket: "/nowhere").run(command + ["--help"])
      #expect(help.output.contains("--watch"), "\(command)")
    }
  }
}
