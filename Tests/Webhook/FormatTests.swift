import Foundation
import PluginKit0
import Testing
import WebhookPlugin

@Suite("The form of a body")
struct FormatTests {
  private static let data =
    #"{"event_id":"evt_1","namespace":"default","schedule_id":"sched_1","occurrence_key":"2026-11-21","#
    + #""local_time":"2026-11-21T09:00:00","time_zone":"Europe/Berlin","locale":"de","#
    + #""user":{"id":"zoe","names":{"display":"Zoë \"Z\""}},"title":"Zoë","text":"Zoë turns 26.\n\u0001","#
    + #""html":"<b>Zoë</b>","details":{"age":26}}"#

  @Test("a CloudEvent in structured mode is one document, the same on every attempt, and signed as it is")
  func structured() throws {
    let event = try #require(Sample.birthday)
    let server = try LoopbackServer(status: 503)
    let run = try SinkRun(
      .loopback(server.url, ("format", "cloudevents"), ("secret", "env:S")),
      secrets: ["env:S": StandardWebhooksTests.secret])
    for attempt in 1...2 { try run.deliver([Sample.delivery(1, attempt: attempt, event: event)]) }
    #expect(Set(server.requests.map(\.body)).count == 1 && server.requests.count == 2)
    let request = try #require(server.requests.first)
    #expect(request.header("content-type") == "application/cloudevents+json")
    let expected =
      #"{"specversion":"1.0","id":"evt_1","source":"/carillon/namespaces/default","type":"org.carillon.birthday","#
      + #""time":"2026-11-21T08:00:00Z","subject":"sched_1","datacontenttype":"application/json","data":\#(Self.data)}"#
    #expect(String(decoding: request.body, as: UTF8.self) == expected)
    let answers = try Verifier.verify([
      [
        "secret": StandardWebhooksTests.secret, "id": "key_1", "timestamp": request.header("webhook-timestamp") ?? "",
        "signature": request.header("webhook-signature") ?? "", "body": expected,
      ]
    ])
    #expect(answers == ["ok"])
  }

  @Test("a CloudEvent in binary mode has its attributes in headers, percent-encoded, and its data as the body")
  func binary() throws {
    var event = try #require(Sample.birthday)
    event.scheduleID = "Zoë \"50%\" 🎂~"
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(
      .loopback(
        server.url, ("format", "cloudevents-binary"), ("cloudevents_source", "https://carillon.example/a?b=c#d")))
    try run.deliver([Sample.delivery(1, event: event)])
    let request = try #require(server.requests.first)
    #expect(request.header("content-type") == "application/json")
    #expect(request.header("ce-specversion") == "1.0" && request.header("ce-id") == "evt_1")
    #expect(request.header("ce-source") == "https://carillon.example/a?b=c#d")
    #expect(request.header("ce-type") == "org.carillon.birthday")
    #expect(request.header("ce-time") == "2026-11-21T08:00:00Z")
    #expect(request.header("ce-subject") == "Zo%C3%AB%20%2250%25%22%20%F0%9F%8E%82~")
    #expect(request.header("ce-datacontenttype") == nil)
    #expect(request.json?["schedule_id"]?.string == event.scheduleID)
    #expect(request.json?["details"]?.object?["age"]?.integer == 26)
  }

  @Test(
    "an attribute that CloudEvents does not allow is refused in both modes, and nothing is sent",
    arguments: ["cloudevents", "cloudevents-binary"],
    [[0x0D, 0x0A], [0x0A], [0], [0x7F], [0x85], [0xFFFE], [0x1FFFF], [0xFDD0]] as [[UInt32]])
  func badAttribute(format: String, codes: [UInt32]) throws {
    let id = "a" + String(String.UnicodeScalarView(codes.compactMap(Unicode.Scalar.init))) + "X: 1"
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url, ("format", .string(format))))
    let result = try run.one { $0.id = id }
    #expect(result.outcome == .permanent && result.code == "invalid-event")
    #expect(server.connectionCount == 0)
  }

  @Test("a template's strings are rendered, the rest stays, and the result is JSON whatever the values are")
  func template() throws {
    let template: JSONValue = [
      "who": "{{user.id}} \"{{title}}\"", "age": "{{data.age}}", "n": 1, "yes": true, "none": .null,
      "list": ["{{text}}", ["{{timestamp}}"], "plain { } \\ \""],
      "when": "{{#is_test}}test{{/is_test}}{{^is_test}}real{{/is_test}}", "gone": "{{nobody}}",
    ]
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(.loopback(server.url, ("format", "template"), ("template", template)))
    let hostile = "\"},{\"a\":\"\\\u{0}\n\u{2028}🎂{{title}}</script>"
    var delivery = Sample.delivery(1, event: try #require(Sample.birthday))
    delivery.message = Message(title: hostile, text: hostile, data: JSONObject())
    delivery.event.data = #"{"age":26}"#
    delivery.message.contentType = ""
    try run.deliver([delivery])
    let request = try #require(server.requests.first)
    #expect(request.header("content-type") == "application/json")
    let expected: JSONValue = [
      "who": .string("zoe \"\(hostile)\""), "age": "26", "n": 1, "yes": true, "none": .null,
      "list": [.string(hostile), ["2026-11-21T08:00:00Z"], "plain { } \\ \""], "when": "real", "gone": "",
    ]
    #expect(request.json.map { .object($0) } == expected)
  }

  @Test("a reference in a template is the secret, and a text that only looks like one is not")
  func templateSecret() throws {
    let template: JSONValue = ["key": "env:KEY", "text": "env: {{title}}", "more": ["file:/k"]]
    let server = try LoopbackServer(answer: "HTTP/1.1 400 Bad\r\nContent-Length: 19\r\n\r\nbad key s3cret\"\\ !!")
    let run = try SinkRun(
      .loopback(server.url, ("format", "template"), ("template", template)),
      secrets: ["env:KEY": "s3cret\"\\\n", "file:/k": "another"])
    let result = try run.one()
    #expect(server.requests.first?.json?["key"]?.string == "s3cret\"\\")
    #expect(server.requests.first?.json?["text"]?.string == "env: Zoë")
    #expect(server.requests.first?.json?["more"]?.array == ["another"])
    #expect(result.code == "http-400" && result.detail == "bad key (hidden) !!")
    let error = #expect(throws: PluginError.self) {
      try SinkRun(.loopback(server.url, ("format", "template"), ("template", template)), secrets: ["env:KEY": "abcdef"])
    }
    #expect(error?.status == .notFound && error?.message.contains("abcdef") == false)
  }

  @Test(
    "a fault in a format or template is refused at its place",
    arguments: [
      (["format": "template", "template": ["a": ["ok", "{{#x}}"]]], ["/template/a/1"]),
      (
        ["format": "template", "template": ["a": "{{>other}}", "b/~": "{{=<% %>=}}"]],
        ["/template/a", "/template/b~1~0"]
      ),
      (["format": "template", "template": ["{{title}}": "x"]], ["/template/{{title}}"]),
      (["format": "template", "template": ["a": "{{title"]], ["/template/a"]),
      (["format": "template"], ["/format"]),
      (["template": ["a": "b"]], ["/template"]),
      (["format": "cloudevents", "template_escaping": "slack"], ["/template_escaping"]),
      (["cloudevents_source": "/x"], ["/cloudevents_source"]),
      (["format": "cloudevents", "cloudevents_source": "a b"], ["/cloudevents_source"]),
      (["format": "cloudevents", "cloudevents_source": "a\r\nX: 1"], ["/cloudevents_source"]),
      (["format": "cloudevents", "cloudevents_source": "ä"], ["/cloudevents_source"]),
    ] as [(JSONValue, [String])])
  func badFormat(configuration: JSONValue, pointers: [String]) throws {
    var object = try #require(configuration.object)
    object["url"] = "https://example.org/"
    #expect(SinkRun.violations(object).map(\.pointer) == pointers)
  }

  @Test("a template has bounds: strings with tags, and bytes of the body")
  func bounds() throws {
    let many = JSONValue.array((0..<129).map { .string("{{title}} \($0)") })
    let found = SinkRun.violations(.of(["url": "https://example.org/", "format": "template", "template": many]))
    #expect(found.map(\.code) == ["limit"])
    let server = try LoopbackServer(status: 204)
    let run = try SinkRun(
      .loopback(server.url, ("format", "template"), ("template", ["{{text}}", "{{text}} ", "{{text}}  "])))
    var delivery = Sample.delivery(1, event: try #require(Sample.birthday))
    delivery.message.text = String(repeating: "x", count: 100_000)
    let result = try run.deliver([delivery])[1]
    #expect(result?.outcome == .permanent && result?.code == "invalid-event")
    #expect(server.connectionCount == 0)
  }

  @Test("credentials in a template go to the configured origin only, and need one")
  func templateOrigin() throws {
    let template: JSONValue = ["key": "env:KEY"]
    #expect(
      SinkRun.violations(.of(["format": "template", "template": template])).map(\.pointer) == ["/template"])
    let server = try LoopbackServer(status: 204)
    let other = try LoopbackServer(status: 204)
    let run = try SinkRun(
      .loopback(server.url, ("format", "template"), ("template", template)), secrets: ["env:KEY": "s3cret"])
    let event = try #require(Sample.birthday)
    let results = try run.deliver([
      Sample.delivery(1, endpoint: other.url, event: event),
      Sample.delivery(2, endpoint: server.url + "/ada", event: event),
    ])
    #expect(results[1]?.outcome == .permanent && results[1]?.code == "invalid-endpoint")
    #expect(results[2]?.outcome == .delivered && server.requests.first?.line == "POST /hook/ada HTTP/1.1")
    #expect(other.connectionCount == 0)
  }
}

extension JSONObject {
  /// The object that a value is; empty for anything else.
  static func of(_ value: JSONValue) -> JSONObject { value.object ?? JSONObject() }
}
