import HTTPTransport
import PluginKit0
import Testing
import WebhookPlugin

@Suite("What would break out of a request")
struct InjectionTests {
  /// Line ends, folded lines, control characters, and characters that some readers fold to line ends.
  static let breaks = [
    "\r\nX-Evil: 1", "\nX-Evil: 1", "\rX-Evil: 1", "\r\n folded", "\n\tfolded", "\0", "\0X-Evil: 1", "\u{b}", "\u{c}",
    "\u{1b}[2J", "\u{7f}", "\u{85}X-Evil: 1", "\u{2028}X-Evil: 1", "\u{2029}X-Evil: 1", "\u{10d}\u{10a}X-Evil: 1",
    "\u{feff}", "é",
  ]

  @Test("refused in an endpoint", arguments: breaks)
  func endpoint(text: String) throws {
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url))
    let event = try #require(Sample.birthday)
    let places = [server.url + text, server.url + "?a=" + text, "http://127.0.0.1\(text):\(server.port)/"]
    let results = try run.deliver(
      places.enumerated().map { Sample.delivery(UInt64($0.offset + 1), endpoint: $0.element, event: event) })
    #expect(results.count == 3 && server.connectionCount == 0)
    #expect(results.values.allSatisfy { $0.outcome == .permanent && $0.code == "invalid-endpoint" })
    #expect(results.values.allSatisfy { !$0.detail.contains("X-Evil") })
  }

  @Test("refused in an idempotency key", arguments: breaks)
  func key(text: String) throws {
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url))
    var delivery = Sample.delivery(1, event: try #require(Sample.birthday))
    delivery.idempotencyKey = "a" + text
    let result = try run.deliver([delivery])[1]
    #expect(result?.outcome == .permanent && result?.code == "invalid-event" && server.connectionCount == 0)
  }

  @Test("refused in the configuration, by pointer", arguments: breaks)
  func configuration(text: String) {
    for (name, value, pointer) in [
      ("url", .string("https://a.example/" + text), "/url"), ("headers", ["X": .string("a\(text)b")], "/headers/X"),
      ("auth", ["type": "basic", "username": .string("a:" + text), "password": "env:P"], "/auth/username"),
      (
        "auth",
        [
          "type": "oauth2", "client_id": "a", "client_secret": "env:C",
          "token_url": .string("https://a.example/" + text),
        ], "/auth/token_url"
      ),
    ] as [(String, JSONValue, String)] {
      var object = JSONObject.of(["url": "https://a.example/"])
      object[name] = value
      #expect(SinkRun.violations(object).map(\.pointer) == [pointer], "\(name)")
    }
  }

  @Test("refused in the secrets that stand in headers, and not told", arguments: breaks)
  func secrets(text: String) {
    for (name, value) in [
      ("headers", ["X": "env:S"]), ("auth", ["type": "bearer", "token": "env:S"]), ("url", "env:S"),
    ] as [(String, JSONValue)] {
      var object = JSONObject.of(["url": "https://a.example/"])
      object[name] = value
      let error = #expect(throws: PluginError.self) {
        try SinkRun(object, secrets: ["env:S": "https://s3cret" + text + "s3cret"])
      }
      #expect(error?.status == .invalid && error?.message.contains("s3cret") == false)
    }
  }

  @Test(
    "the headers that the sink or HTTP itself sets cannot be configured",
    arguments: [
      "Host", "content-length", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Connection", "Expect",
      "Accept-Encoding", "Content-Type", "Content-Encoding", "webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE",
      "ce-id", "CE-Source", "Carillon-Attempt", "carillon-late-ms", "Proxy-Authorization", "HTTP2-Settings",
    ])
  func reserved(name: String) {
    let object = JSONObject.of(["url": "https://a.example/", "headers": .object(JSONObject.of([name: "x"]))])
    #expect(SinkRun.violations(object).map(\.code) == ["reserved"])
  }
}
