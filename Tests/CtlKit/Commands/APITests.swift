import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("ctl api")
struct APITests {
  @Test("it has every method of the protos, and no other")
  func complete() {
    // Health and reflection have protos of their own.
    #expect(Set(APIMethods.all.map(\.name)) == Set(MethodAccess.all.keys.filter { $0.hasPrefix("carillon.") }))
    #expect(
      StreamingMethods.names.isSuperset(of: ["carillon.v1.Events/WatchChanges", "carillon.v1.Queues/PurgeQueue"]))
    #expect(!StreamingMethods.names.contains("carillon.v1.Queues/GetQueue"))
  }

  @Test(
    "a method is called by any of its names",
    arguments: [
      "Queues/GetQueue", "carillon.v1.Queues/GetQueue", "/carillon.v1.Queues/GetQueue", "carillon.v1.Queues.GetQueue",
      "Queues.GetQueue", "GetQueue",
    ])
  func names(name: String) async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.queues["queues/low"] = .with { ($0.name, $0.weight) = ("queues/low", 7) } }
      let result = try await ctl("api", name, "-d", #"{"name": "queues/low"}"#)
      #expect(result.status == 0, "\(result.errors)")
      guard case .integer(let weight) = try JSONValue(parsing: result.output.utf8)["weight"] else {
        Issue.record("no weight")
        return
      }
      #expect(weight == 7)
    }
  }

  @Test("a stream's answers come a document each; a stream of requests is an array")
  func streams() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.logs = [.with { $0.cursor = "a" }, .with { $0.cursor = "b" }] }
      let answers = try await ctl("api", "ReadLogs", "-o", "jsonl")
      #expect(try answers.lines.map { try JSONValue(parsing: $0.utf8)["cursor"]?.text } == ["a", "b"])
      let imported = try await ctl(
        "api", "ImportUsers", "-d", "@-", input: #"[{"parent": "namespaces/default", "items": []}, {"items": []}]"#)
      #expect(imported.status == 0, "\(imported.errors)")
    }
  }

  @Test("what is wrong is told: the method, the JSON, the field, the agent's answer")
  func faults() async throws {
    try await FakeAgent.serve { _, ctl in
      let unknown = try await ctl("api", "GetQeue")
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("did you mean \"GetQueue\"?"))
      #expect(try await ctl("api", "GetQueue", "-d", "{").status == 64)
      let field = try await ctl("api", "GetQueue", "-d", #"{"nme": "x"}"#)
      #expect(field.status == 64)
      #expect(field.errors.contains("nme"))
      #expect(try await ctl("api", "GetQueue", "-d", #"{"name": "queues/none"}"#).status == 5)
      #expect(try await ctl("api").status == 64)
    }
  }

  @Test("the list says what each method asks of its caller")
  func list() async throws {
    let listed = try await CtlRunner(socket: "/nowhere")("api", "--list")
    #expect(listed.status == 0)
    #expect(listed.lines.contains { $0.split(separator: " ") == ["carillon.v1.Queues/PurgeQueue", "admin", "fleet"] })
  }
}
