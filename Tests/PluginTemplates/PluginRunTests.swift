import Foundation
import Testing

@Suite("ctl plugin run")
struct PluginRunTests {
  /// Runs a test with a template that was changed first.
  private static func changed(
    from text: String, to other: String, _ body: (Made, Tool) async throws -> Void
  ) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let made = try await Made("c", .sink, in: scratch) { scratch in
      let source = try scratch.text("pager-2/plugin.c")
      try #require(source.contains(text))
      try scratch.write(source.replacing(text, with: other), to: "pager-2/plugin.c")
    }
    try await body(made, made.tool)
  }

  /// Runs a test with a template as it is, built once, in a folder of the test's own.
  private static func with(_ kind: Made.Kind, _ body: (Made, Tool) async throws -> Void) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let shared = try await Shared.made(kind)
    let made = shared.lent(to: scratch)
    try await body(made, made.tool)
  }

  /// The first line of the template's `deliver`.
  private static let begin = "if (count == 0) return CARILLON_OK;"

  @Test("a sink: one line a delivery, what it logs apart, exit 8 when some were not delivered")
  func sink() async throws {
    try await Self.with(.sink) { made, tool in
      let big = String(repeating: "x", count: 900)
      try made.scratch.write(
        """
        {"title": "One", "key": "k-1"}

        {"title": "Two", "text": "\(big)", "key": "k-2", "data": {"a": [1]}, "event": {"type": "birthday", "due": "2026-03-01T09:00:00Z", "time_zone": "Europe/Paris", "user": {"id": "ada", "dates": {"birth": "1990-05-04"}}}}
        {"title": "Three", "text": "\(big)", "key": "k-3"}
        """, to: "events.jsonl")
      let config = #"{"path": "\#(made.scratch.path)/out.jsonl", "max_bytes": 1100}"#
      let run = [Place.ctl, "plugin", "run", made.file, "--config", config, "--events", "events.jsonl"]
      let outcome = try await tool.run(run)
      #expect(outcome.status == 8, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
        .map { $0.split(separator: " ").prefix(4).joined(separator: " ") }
      #expect(lines == ["LINE KEY OUTCOME CODE", "1 k-1 delivered -", "3 k-2 delivered -", "4 k-3 retry file-full"])
      #expect(outcome.errors.contains("info the file can be written"), "\(outcome.errors)")
      #expect(outcome.errors.contains("1 of 3 were not delivered"))
      #expect(try made.scratch.text("out.jsonl").split(separator: "\n").count == 2)
      let json = try await tool.run(run + ["-o", "jsonl", "--batch", "1"])
      #expect(json.output.hasPrefix(#"{"line":1,"key":"k-1","outcome":"delivered""#), "\(json.output)")
      #expect(json.output.contains(#""code":"file-full""#))
    }
  }

  @Test("a sink without a file of events gets one")
  func sample() async throws {
    try await Self.with(.sink) { made, tool in
      try made.scratch.write(#"{"path": "\#(made.scratch.path)/out.jsonl"}"#, to: "config.json")
      let outcome = try await tool(Place.ctl, "plugin", "run", made.file, "--config", "config.json", "-o", "name")
      #expect(outcome.status == 0 && outcome.output == "run-1\n", "\(outcome.errors)")
    }
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      (#"{"title": 1}"#, "line 1, title: must be a text"), (#"{"titel": ""}"#, "did you mean"),
      ("{", "line 1: is no JSON"), ("[]", "line 1: must be a JSON object"),
      (#"{"event": {"time_zone": "Europe/Pariss"}}"#, "Europe/Paris"),
      (#"{"event": {"user": {"dates": 1}}}"#, "line 1, event, user, dates: must be a JSON object"),
      (#"{"key": "a.b"}"#, "line 1, key"), (#"{"attempt": 0}"#, "from 1 to 1000"),
    ])
  func malformed(line: String, message: String) async throws {
    try await Self.with(.sink) { made, tool in
      try made.scratch.write(line, to: "events.jsonl")
      let outcome = try await tool(
        Place.ctl, "plugin", "run", made.file, "--config", #"{"path": "\#(made.scratch.path)/o"}"#, "--events",
        "events.jsonl")
      #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  @Test("a configuration that is refused names each field; a file that is no plugin says so")
  func refused() async throws {
    try await Self.with(.sink) { made, tool in
      let config = try await tool(Place.ctl, "plugin", "run", made.file, "--config", #"{"pat": 1}"#)
      #expect(config.status == 64, "\(config.errors)")
      #expect(config.errors.contains("/path") && config.errors.contains("/pat: "), "\(config.errors)")
      let none = try await tool(Place.ctl, "plugin", "run", "\(made.folder)/plugin.c")
      #expect(none.status == 1 && none.errors.contains("\(made.folder)/plugin.c"), "\(none.errors)")
      // The sink is not even activated, which is when it says whether it can write.
      let good = #"{"path": "\#(made.scratch.path)/o"}"#
      let missing = try await tool(Place.ctl, "plugin", "run", made.file, "--config", good, "--events", "no-such")
      #expect(missing.status != 0 && missing.errors.contains("no-such"), "\(missing.errors)")
      #expect(!missing.errors.contains("can be written"), "\(missing.errors)")
      try made.scratch.write("\n", to: "empty.jsonl")
      let empty = try await tool(Place.ctl, "plugin", "run", made.file, "--config", good, "--events", "empty.jsonl")
      #expect(empty.status == 0 && empty.errors.contains("empty.jsonl has no events"), "\(empty.errors)")
      let odd = try await tool(Place.ctl, "plugin", "run", made.file, "--definition", "{}")
      #expect(odd.status == 64 && odd.errors.contains("is a sink"), "\(odd.errors)")
    }
  }

  /// Writes to the address 0, which the compiler cannot foresee.
  private static let fault = "*(volatile char *)(size_t)sink->path[PATH_BYTES - 1] = 1;"

  @Test("a crash is the plugin's, and told with the command that shows where")
  func crash() async throws {
    try await Self.changed(from: Self.begin, to: Self.fault) { made, tool in
      let config = #"{"path": "\#(made.scratch.path)/it's"}"#
      let outcome = try await tool(Place.ctl, "plugin", "run", made.file, "--config", config)
      #expect(outcome.status == 1 && outcome.errors.contains("the plugin crashed: SIGSEGV"), "\(outcome.errors)")
      #expect(outcome.errors.contains("gdb -ex run -ex bt --args"), "\(outcome.errors)")
    }
  }

  @Test("a plugin that ends the process is told, whatever the status", arguments: ["exit(0)", "exit(3)", "_exit(0)"])
  func leaves(call: String) async throws {
    try await Self.changed(from: Self.begin, to: call + ";") { made, tool in
      let config = #"{"path": "\#(made.scratch.path)/o"}"#
      let outcome = try await tool(Place.ctl, "plugin", "run", made.file, "--config", config)
      #expect(outcome.status == 1 && outcome.errors.contains("the plugin ended the process, with status"), "\(outcome)")
    }
  }

  @Test("a call that never comes back ends at the limit")
  func hang() async throws {
    let hang = "for (volatile int on = 1; on;) continue;"
    try await Self.changed(from: Self.begin, to: hang) { made, tool in
      let outcome = try await tool(
        Place.ctl, "plugin", "run", made.file, "--config", #"{"path": "\#(made.scratch.path)/o"}"#, "--limit", "2s",
        "-o", "jsonl")
      #expect(outcome.status == 7 && outcome.output.contains(#""outcome":"unknown""#), "\(outcome)")
      #expect(outcome.errors.contains("did not return within its limit of 2000 ms"), "\(outcome)")
    }
  }

  @Test("an event type: local time, instant and key, over a change of the clocks; and what it says")
  func series() async throws {
    try await Self.with(.eventType) { made, tool in
      let definition = #"{"title": "T", "from": "2026-03-28", "every": 1, "at": "02:30"}"#
      let run = [
        Place.ctl, "plugin", "run", made.file, "--definition", definition, "--zone", "Europe/Paris", "--from",
        "2026-03-01T00:00", "--count", "3",
      ]
      let outcome = try await tool.run(run)
      let rows = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ").map(String.init) }
      #expect(
        rows == [
          ["1", "2026-03-28T02:30:00", "2026-03-28T01:30:00Z", "2026-03-28"],
          ["2", "2026-03-29T03:30:00", "2026-03-29T01:30:00Z", "2026-03-29"],
          ["3", "2026-03-30T02:30:00", "2026-03-30T00:30:00Z", "2026-03-30"],
        ], "\(outcome.output)\(outcome.errors)")
      let said = try await tool.run(run + ["--render", "-o", "json"])
      #expect(said.output.contains(#""text": "T (no. 3)""#), "\(said.output)")
      let many = try await tool.run(run.dropLast() + ["500", "-o", "name"])
      #expect(many.output.split(separator: "\n").count == 500, "\(many.errors)")
      let wrong = try await tool.run(run + ["--definition", #"{"title": "T", "from": "2026-02-30", "every": 1}"#])
      #expect(wrong.status == 64 && wrong.errors.contains("/from"), "\(wrong.errors)")
      let zone = try await tool.run(run + ["--zone", "Europe/Pariss"])
      #expect(zone.status == 1 && zone.errors.contains("did you mean"), "\(zone.errors)")
      let from = try await tool.run(run + ["--from", "tomorrow"])
      #expect(from.status == 64 && from.errors.contains("2026-03-01T09:00"), "\(from.errors)")
      let events = try await tool.run(run + ["--events", "x"])
      #expect(events.status == 64 && events.errors.contains("is an event type"), "\(events.errors)")
    }
  }
}
