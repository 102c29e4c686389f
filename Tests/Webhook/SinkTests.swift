import Foundation
import HTTPTransport
import PluginKit0
import Testing
import WebhookPlugin

@Suite("The webhook sink")
struct SinkTests {
  private static let patience = Duration.seconds(60)
  private static let secret = StandardWebhooksTests.secret

  private func sink(_ configuration: String, _ host: RecordingHost = RecordingHost()) throws -> Webhook {
    let sink = try Webhook(
      name: "test", configuration: JSONText(configuration), host: Host(instanceName: "test", services: host))
    try sink.activate()
    return sink
  }

  private func configuration(_ url: String, _ more: String = "") -> String {
    #"{"url": "\#(url)", "allow_addresses": ["127.0.0.0/8"]\#(more)}"#
  }

  @Test("an event arrives signed, with its body, attempt and lateness")
  func delivers() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 204)
    let host = RecordingHost(secrets: ["env:S": Self.secret + "\n"])
    let sink = try sink(configuration(server.url, #", "secret": "env:S", "headers": {"X-Team": "blue"}"#), host)
    try sink.deliver([Sample.delivery(7, attempt: 3, late: 1_234_567_890, event: event)])
    #expect(sink.drain(timeout: Self.patience))
    sink.deactivate()
    #expect(host.completions == [Completion(Ticket(rawValue: 7), DeliveryResult(.delivered, code: "http-204"))])
    let request = try #require(server.requests.first)
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("webhook-id") == "key_7")
    #expect(request.header("carillon-attempt") == "3")
    #expect(request.header("carillon-late-ms") == "1234")
    #expect(request.header("x-team") == "blue")
    let answers = try Verifier.verify([
      [
        "secret": Self.secret, "id": "key_7", "timestamp": request.header("webhook-timestamp") ?? "",
        "signature": request.header("webhook-signature") ?? "", "body": String(decoding: request.body, as: UTF8.self),
      ]
    ])
    #expect(answers == ["ok"])
    let expected =
      #"{"type":"birthday","timestamp":"2026-11-21T08:00:00Z","data":{"event_id":"evt_1","namespace":"default","#
      + #""schedule_id":"sched_1","occurrence_key":"2026-11-21","local_time":"2026-11-21T09:00:00","#
      + #""time_zone":"Europe/Berlin","locale":"de","user":{"id":"zoe","names":{"display":"Zoë \"Z\""}},"#
      + #""title":"Zoë","text":"Zoë turns 26.\n\u0001","html":"<b>Zoë</b>","details":{"age":26}}}"#
    #expect(String(decoding: request.body, as: UTF8.self) == expected)
  }

  @Test("every attempt sends the same id and the same bytes")
  func sameBytes() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 503, headers: "Retry-After: 20\r\n")
    let host = RecordingHost()
    let sink = try sink(configuration(server.url), host)
    for attempt in 1...3 {
      try sink.deliver([Sample.delivery(5, attempt: attempt, late: Int64(attempt) * 1_000_000, event: event)])
      #expect(sink.drain(timeout: Self.patience))
    }
    sink.deactivate()
    #expect(Set(server.requests.map(\.body)).count == 1 && server.requests.count == 3)
    #expect(server.requests.map { $0.header("carillon-attempt") } == ["1", "2", "3"])
    #expect(Set(server.requests.map { $0.header("webhook-id") }) == ["key_5"])
    #expect(host.completions.allSatisfy { $0.result.outcome == .retry && $0.result.retryAfterMilliseconds == 20_000 })
    #expect(server.requests.allSatisfy { $0.header("webhook-signature") == nil })
  }

  @Test("a delivery's own endpoint goes before the configured one, and is checked")
  func endpoints() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 204)
    let host = RecordingHost()
    let sink = try sink(#"{"allow_addresses": ["127.0.0.1"]}"#, host)
    try sink.deliver([
      Sample.delivery(1, endpoint: server.url, event: event), Sample.delivery(2, endpoint: "ftp://x/", event: event),
      Sample.delivery(3, event: event), Sample.delivery(4, endpoint: "http://10.255.255.1/", event: event),
    ])
    #expect(sink.drain(timeout: Self.patience))
    sink.deactivate()
    let results = Dictionary(uniqueKeysWithValues: host.completions.map { ($0.ticket.rawValue, $0.result) })
    #expect(results[1]?.outcome == .delivered)
    #expect(results[2]?.outcome == .permanent && results[2]?.code == "invalid-endpoint")
    #expect(results[3]?.code == "invalid-endpoint")
    #expect(results[4]?.outcome == .permanent && results[4]?.code == "address-refused")
  }

  @Test("an event that cannot be sent is permanent, and does not hold up its batch")
  func badEvent() throws {
    var event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 204)
    let host = RecordingHost()
    let sink = try sink(configuration(server.url), host)
    let good = Sample.delivery(1, event: event)
    event.user = "{"
    var injected = Sample.delivery(3, event: good.event)
    injected.idempotencyKey = "a\r\nX: 1"
    try sink.deliver([good, Sample.delivery(2, event: event), injected])
    #expect(sink.drain(timeout: Self.patience))
    sink.deactivate()
    let results = Dictionary(uniqueKeysWithValues: host.completions.map { ($0.ticket.rawValue, $0.result.code) })
    #expect(results == [1: "http-204", 2: "invalid-event", 3: "invalid-event"])
    #expect(server.requests.count == 1)
  }

  @Test("draining is bounded, and deactivating completes what is open")
  func drain() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.waitForClose()
    }
    let host = RecordingHost()
    let sink = try sink(configuration(server.url, #", "max_connections_per_host": 1"#), host)
    try sink.deliver([Sample.delivery(1, event: event), Sample.delivery(2, event: event)])
    #expect(server.waitForRequests(1))
    #expect(!sink.drain(timeout: .milliseconds(20)))
    sink.deactivate()
    let results = Dictionary(uniqueKeysWithValues: host.completions.map { ($0.ticket.rawValue, $0.result.outcome) })
    #expect(results == [1: .unknown, 2: .cancelled])
    #expect(throws: PluginError.self) { try sink.deliver([Sample.delivery(3, event: event)]) }
    #expect(sink.drain(timeout: .zero))
    try sink.activate()
    #expect(throws: PluginError.self) { try sink.activate() }
    sink.deactivate()
  }

  @Test("at its deadline a delivery ends by itself, as unknown when it was sent")
  func deadline() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.waitForClose()
    }
    let host = RecordingHost()
    let sink = try sink(configuration(server.url), host)
    try sink.deliver([Sample.delivery(1, seconds: 2, event: event), Sample.delivery(2, seconds: -1, event: event)])
    #expect(sink.drain(timeout: Self.patience))
    sink.deactivate()
    let results = Dictionary(uniqueKeysWithValues: host.completions.map { ($0.ticket.rawValue, $0.result) })
    #expect(results[1]?.outcome == .unknown && results[1]?.code == "no-answer-timeout")
    #expect(results[2]?.outcome == .retry && results[2]?.code == "deadline")
  }

  @Test(
    "a configuration that is wrong beyond its schema is refused, by pointer",
    arguments: [
      (#"{"url": "http://user:pw@example.org/"}"#, ["/url"]), (#"{"url": "http://exa mple.org/"}"#, ["/url"]),
      (#"{"secret": "env:A", "secrets": ["env:B"]}"#, ["/secrets"]),
      (
        #"{"headers": {"Host": "x", "X-A": "ok", "webhook-ID": "1", "a/b": "x"}}"#,
        ["/headers/Host", "/headers/webhook-ID", "/headers/a~1b"]
      ),
      (#"{"headers": {"X": "a\r\nb"}}"#, ["/headers/X"]),
      (
        #"{"allow_addresses": ["127.0.0.0/8", "localhost", "10.0.0.1/8"]}"#,
        ["/allow_addresses/1", "/allow_addresses/2"]
      ),
      (
        #"{"timeout_ms": 5, "connect_timeout_ms": 0.5, "max_connections_per_host": 100000}"#,
        ["/timeout_ms", "/connect_timeout_ms", "/max_connections_per_host"]
      ),
    ])
  func badConfiguration(text: String, pointers: [String]) {
    let error = #expect(throws: PluginError.self) {
      try Webhook(name: "x", configuration: JSONText(text), host: Host(instanceName: "x", services: RecordingHost()))
    }
    #expect(error?.status == .invalid)
    #expect(error?.violations.map(\.pointer) == pointers)
    #expect(error?.message.contains("pw") == false)
  }

  @Test("a secret that cannot be had, or is none, stops activation and is not told")
  func secrets() throws {
    let host = RecordingHost(secrets: [
      "env:SHORT": "whsec_c2hvcnRzZWNyZXQ=", "env:PUBLIC": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ])
    for (reference, status) in [
      ("env:NONE", PluginError.Status.notFound), ("env:SHORT", .invalid), ("env:PUBLIC", .invalid),
    ] {
      let error = #expect(throws: PluginError.self) { try self.sink(#"{"secret": "\#(reference)"}"#, host) }
      #expect(error?.status == status)
      #expect(error?.message.contains("c2hvcn") == false)
    }
  }

  @Test("a header's value may be a reference")
  func headerReference() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 204)
    let host = RecordingHost(secrets: ["env:TOKEN": "Bearer abc"])
    let sink = try sink(configuration(server.url, #", "headers": {"Authorization": "env:TOKEN"}"#), host)
    try sink.deliver([Sample.delivery(1, event: event)])
    #expect(sink.drain(timeout: Self.patience))
    sink.deactivate()
    #expect(server.requests.first?.header("authorization") == "Bearer abc")
  }

  @Test("the manifest is JSON and names what it provides")
  func manifest() throws {
    let manifest = try #require(try JSONValue(parsing: Webhook.manifest).object)
    #expect(manifest["id"]?.string == "org.carillon.webhook" && manifest["name"]?.string == "webhook")
    #expect(manifest["provides"]?.array == ["carillon.sink/1"])
  }
}
