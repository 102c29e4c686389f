import Foundation
import PluginKit0
import Testing
import WebhookPlugin

@Suite("What the documentation says of webhooks")
struct DocumentationTests {
  /// Delivers to a server in the place of the documented example's, and answers what arrived.
  private func sent(_ file: String, secrets: [String: String], title: String, text: String) throws -> JSONObject {
    let example = try #require(try JSONValue(parsing: DocumentedPage.file(file)).object)
    #expect(example["kind"]?.string == "Sink" && example["plugin"]?.string == "webhook")
    var configuration = try #require(example["configuration"]?.object)
    let server = try LoopbackServer(status: 202)
    configuration["allow_addresses"] = ["127.0.0.1"]
    var secrets = secrets
    if configuration["url"]?.string?.hasPrefix("https:") == true {
      configuration["url"] = .string(server.url)
    } else if let reference = configuration["url"]?.string {
      secrets[reference] = server.url + "\n"
    }
    let run = try SinkRun(configuration, secrets: secrets)
    var delivery = Sample.delivery(1, event: try #require(Sample.birthday))
    delivery.message = Message(title: title, text: text)
    delivery.event.user = #"{"id":"zoe","display_name":"Zoë"}"#
    #expect(try run.deliver([delivery])[1]?.outcome == .delivered)
    return try #require(server.requests.first?.json)
  }

  @Test("the Slack example gives what an incoming webhook takes, and no name can call a channel")
  func slack() throws {
    let body = try sent(
      "slack.json", secrets: [:], title: "<!channel> & \"Zoë\"", text: "<https://evil.example|click>\n26 > 25")
    #expect(
      body["text"]?.string
        == "*&lt;!channel&gt; &amp; \"Zoë\"*\n&lt;https://evil.example|click&gt;\n26 &gt; 25")
    #expect(body.members.map(\.name) == ["text", "unfurl_links"] && body["unfurl_links"]?.bool == false)
  }

  @Test("the PagerDuty example gives an event of Events API v2, with the event's id against doubles")
  func pagerDuty() throws {
    let key = "0123456789abcdef0123456789abcdef"
    let body = try sent(
      "pagerduty.json", secrets: ["file:/etc/carillon/pagerduty.key": key], title: "Zoë \"26\"", text: "a\nb")
    #expect(body["routing_key"]?.string == key && body["event_action"]?.string == "trigger")
    #expect(body["dedup_key"]?.string == "evt_1")
    let payload = try #require(body["payload"]?.object)
    #expect(payload["summary"]?.string == "Zoë \"26\"" && payload["source"]?.string == "carillon")
    #expect(["critical", "error", "warning", "info"].contains(payload["severity"]?.string ?? ""))
    #expect(payload["timestamp"]?.string == "2026-11-21T08:00:00Z" && payload["class"]?.string == "birthday")
    #expect(payload["custom_details"] == ["text": "a\nb", "schedule": "sched_1", "user": "Zoë"])
  }

  @Test("the tables of outcomes are those of the code, row by row")
  func outcomes() throws {
    let page = try DocumentedPage.webhook()
    let start = try #require(page.range(of: "## What the answers mean\n"))
    let end = try #require(page.range(of: "\n## ", range: start.upperBound..<page.endIndex))
    let rows = page[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("| ") && !$0.hasSuffix("| code |") }
    #expect(rows == OutcomeTable.documentation)
  }

  @Test("every member of the configuration is documented")
  func members() throws {
    let page = try DocumentedPage.webhook()
    let schema = try JSONValue(parsing: Webhook.manifest).object?["schemas"]?.object?["configuration"]?.object
    let properties = try #require(schema?["properties"]?.object)
    let auth = try #require(properties["auth"]?.object?["properties"]?.object)
    for name in (properties.members + auth.members).map(\.name) { #expect(page.contains("`\(name)`"), "\(name)") }
  }
}
