import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("exec, in C: a command for every delivery, bounded")
struct ExecTests {
  /// Runs deliveries through a shell script.
  private static func run(
    _ script: String, _ deliveries: [Delivery] = [Sample.delivery(1)], _ members: [String: Any] = [:]
  ) async throws -> [DeliveryResult] {
    var found: [DeliveryResult] = []
    let command = ["command": ["/bin/sh", "-c", script, "sh"]]
    try await Host.withSink("exec", Sample.json(members.merging(command) { own, _ in own })) { sink in
      found = await sink.results(of: deliveries)
    }
    return found
  }

  @Test("The message is on its standard input: as text, or everything as JSON")
  func input() async throws {
    try await TemporaryFolder.with { folder in
      let text = String(repeating: "A long \"text\",\nof lines. ", count: 8_000)
      let deliveries = [Sample.delivery(1, text: text, data: "{\"age\":1}"), Sample.delivery(2, text: "")]
      let script = "cat >\"\(folder.path)/$CARILLON_IDEMPOTENCY_KEY\""
      #expect(try await Self.run(script, deliveries).map(\.verdict) == [.delivered, .delivered])
      #expect(try String(contentsOfFile: folder.file("key-1"), encoding: .utf8) == text + "\n")
      #expect(try String(contentsOfFile: folder.file("key-2"), encoding: .utf8) == "Title 2\n")
      #expect(try await Self.run(script, deliveries, ["input": "json"]).map(\.code) == ["exit-0", "exit-0"])
      let content = try Data(contentsOf: URL(fileURLWithPath: folder.file("key-1")))
      let document = try #require(try JSONSerialization.jsonObject(with: content) as? NSDictionary)
      #expect(document["text"] as? String == text && document["data"] as? String == "{\"age\":1}")
      #expect(document["local"] as? String == "2031-05-04T09:30:00" && document["attempt"] as? Int == 2)
      #expect(content.last == UInt8(ascii: "\n") && document["endpoint"] as? String == "ada@example.org")
    }
  }

  @Test("Its environment is what is configured and what is known of the delivery, and nothing else")
  func environment() async throws {
    setenv("CARILLON_TESTS_OWN", "a secret of the host", 1)
    let long = String(repeating: "é", count: 4_000)
    let configuration = try Sample.json(["command": ["/usr/bin/env"], "environment": ["GREETING=hello world"]])
    try await Host.withSink("exec", configuration) { sink in
      let result = await sink.results(of: [Sample.delivery(1, endpoint: "two\u{0}parts")])[0]
      let lines = result.detail.split(whereSeparator: \.isNewline).map(String.init)
      let pairs = lines.joined(separator: " ")
      for part in [
        "GREETING=hello world", "CARILLON_IDEMPOTENCY_KEY=key-1", "CARILLON_EVENT_ID=evt_1",
        "CARILLON_NAMESPACE=default", "CARILLON_TYPE=birthday", "CARILLON_SCHEDULE=sch-1",
        "CARILLON_OCCURRENCE_KEY=2031", "CARILLON_LOCAL_TIME=2031-05-04T09:30:00", "CARILLON_ENDPOINT=two",
        "CARILLON_TIME_ZONE=Europe/London", "CARILLON_TITLE=Title 1", "CARILLON_DUE_SECONDS=1935649800",
        "CARILLON_LATE_SECONDS=3", "CARILLON_ATTEMPT=2", "CARILLON_TEST=0",
      ] {
        #expect(pairs.contains(part), "\(part) is not in \(pairs)")
      }
      #expect(!pairs.contains("TESTS_OWN") && !pairs.contains("PATH=") && !pairs.contains("parts"))
    }
    let result = try await Self.run("printf %s \"$CARILLON_TITLE\" | wc -c", [Sample.delivery(1, title: long)])
    #expect(result[0].detail.contains("4096"), "\(result)")
  }

  @Test(
    "Its exit code tells what becomes of the delivery",
    arguments: [
      (0, .delivered, "exit-0"), (75, .retry, "exit-75"), (1, .retry, "exit-1"), (69, .retry, "exit-69"),
      (64, .permanent, "exit-64"), (65, .permanent, "exit-65"), (67, .permanent, "endpoint-fault-exit-67"),
      (78, .permanent, "exit-78"), (127, .retry, "exit-127"),
    ] as [(Int, DeliveryResult.Verdict, String)])
  func exitCodes(code: Int, verdict: DeliveryResult.Verdict, word: String) async throws {
    let result = try await Self.run("echo to stdout; echo to stderr >&2; exit \(code)")[0]
    #expect(result.verdict == verdict && result.code == word, "\(result)")
    #expect(result.detail.contains("to stdout") && result.detail.contains("to stderr"))
  }

  @Test("A command that dies of a signal may have done something")
  func signal() async throws {
    let result = try await Self.run("kill -SEGV $$")[0]
    #expect(result.verdict == .unknown && result.code == "signal-11", "\(result)")
  }

  @Test("What writes without end is read to the end; the first of it is kept")
  func output() async throws {
    let result = try await Self.run("head -c 30000000 /dev/zero | tr '\\0' x; echo end >&2")[0]
    #expect(result.verdict == .delivered && result.detail.hasPrefix("xxxx") && !result.detail.contains("end"))
    // Who does not read its input harms nobody.
    let deaf = try await Self.run(
      "exec <&-; echo deaf", [Sample.delivery(1, text: String(repeating: "y", count: 200_000))])
    #expect(deaf[0].verdict == .delivered && deaf[0].detail.contains("deaf"))
  }

  @Test("It has its three descriptors and no other, whatever the host has open")
  func descriptors() async throws {
    let open = dup(1)  // without close-on-exec
    defer { close(open) }
    let result = try await Self.run("echo fds: /proc/self/fd/*")[0]
    // The shell opens one more, to list them.
    let words = result.detail.split(whereSeparator: \.isWhitespace).map(String.init)
    #expect(words == ["fds:"] + (0...3).map { "/proc/self/fd/\($0)" }, "\(result.detail)")
  }

  @Test("A command that cannot be run keeps the sink from being active; one that is gone later is tried again")
  func notThere() async throws {
    try await TemporaryFolder.with { folder in
      let file = folder.file("command")
      let registry = try await Host.registry()
      let sink = try await registry.makeSink(
        plugin: "exec", name: "x", configurationJSON: Sample.json(["command": [file]]))
      let error = await #expect(throws: PluginHostError.self) { try await sink.activate() }
      #expect(error?.message.contains("command cannot be run: No such file") == true, "\(String(describing: error))")
      try Data("#!/bin/sh\necho ran\n".utf8).write(to: URL(fileURLWithPath: file))
      chmod(file, 0o755)
      try await sink.activate()
      #expect(await sink.results(of: [Sample.delivery(1)])[0].detail.contains("ran"))
      try FileManager.default.removeItem(atPath: file)
      let result = await sink.results(of: [Sample.delivery(2)])[0]
      #expect(result.verdict == .retry && result.code == "not-started", "\(result)")
      await registry.stop()
    }
  }

  @Test(
    "A configuration that cannot be is refused with the field",
    arguments: [
      (#"{"command": []}"#, "/command"), (#"{"command": ["sh"]}"#, "/command/0"),
      (#"{"command": ["/bin/sh", "a\u0000b"]}"#, "/command/1"),
      (#"{"command": ["/bin/sh"], "environment": ["no name"]}"#, "/environment/0"),
      (#"{"command": ["/bin/sh"], "children": 65}"#, "/children"),
      (#"{"command": ["/bin/sh"], "input": "xml"}"#, "/input"),
    ])
  func badConfiguration(configuration: String, pointer: String) async throws {
    let registry = try await Host.registry()
    let error = await #expect(throws: PluginHostError.self) {
      _ = try await registry.makeSink(plugin: "exec", name: "x", configurationJSON: configuration)
    }
    #expect(error?.violations.map(\.pointer) == [pointer], "\(String(describing: error))")
    await registry.stop()
  }
}
