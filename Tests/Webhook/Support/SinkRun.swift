import Foundation
import PluginKit0
import Testing
import WebhookPlugin

/// A sink from a configuration, active until it goes.
final class SinkRun {
  static let patience = Duration.seconds(60)

  let host: RecordingHost
  let sink: Webhook

  init(_ configuration: JSONObject, secrets: [String: String] = [:]) throws {
    host = RecordingHost(secrets: secrets)
    sink = try Webhook(
      name: "test", configuration: JSONText(configuration.serialized()),
      host: Host(instanceName: "test", services: host))
    try sink.activate()
  }

  deinit { sink.deactivate() }

  /// Delivers, waits for the ends, and answers all results so far by ticket.
  @discardableResult
  func deliver(_ deliveries: [Delivery]) throws -> [UInt64: DeliveryResult] {
    try sink.deliver(deliveries)
    #expect(sink.drain(timeout: Self.patience))
    return results
  }

  var results: [UInt64: DeliveryResult] {
    Dictionary(host.completions.map { ($0.ticket.rawValue, $0.result) }) { $1 }
  }

  /// Delivers one event and answers how it ended.
  func one(_ ticket: UInt64 = 1, _ change: (inout Event) -> Void = { _ in }) throws -> DeliveryResult {
    var event = try #require(Sample.birthday)
    change(&event)
    return try #require(try deliver([Sample.delivery(ticket, event: event)])[ticket])
  }

  /// The faults that keep a configuration from being taken.
  static func violations(_ configuration: JSONObject) -> [PluginError.Violation] {
    do {
      _ = try Webhook(
        name: "test", configuration: JSONText(configuration.serialized()),
        host: Host(instanceName: "test", services: RecordingHost()))
      return []
    } catch {
      return error.violations
    }
  }
}

extension JSONObject {
  /// A configuration for a server on loopback, with more members.
  static func loopback(_ url: String, _ more: (String, JSONValue)...) -> JSONObject {
    var object = JSONObject()
    object["url"] = .string(url)
    object["allow_addresses"] = ["127.0.0.0/8"]
    for (name, value) in more { object[name] = value }
    return object
  }
}

extension ReceivedRequest {
  var json: JSONObject? { try? JSONValue(parsing: String(decoding: body, as: UTF8.self)).object }
}

/// The project's documentation.
enum DocumentedPage {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func webhook() throws -> String {
    try String(contentsOf: root.appendingPathComponent("docs/sinks/webhook.md"), encoding: .utf8)
  }

  /// The text of a block that is a file.
  static func file(_ name: String) throws -> String {
    let page = try webhook()
    let start = try #require(page.range(of: "file=\(name)\n"))
    let end = try #require(page.range(of: "\n```", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }
}
