import CPluginAPI
import EventModel

/// Takes what `render` emits. A message that is too long, or missing, is an error of its event alone.
final class MessageCollector {
  static let maximumTitleBytes = 1_024
  static let maximumBodyBytes = 256 * 1_024
  static let maximumContentTypeBytes = 256

  private let plugin: String
  private var messages: [Result<Message, PluginHostError>?]

  init(count: Int, plugin: String) {
    messages = Array(repeating: nil, count: count)
    self.plugin = plugin
  }

  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let emit: carillon_emit_message = { context, event, message in
    guard let context, let message else { return CARILLON_STOP }
    return Unmanaged<MessageCollector>.fromOpaque(context).takeUnretainedValue().take(
      event, carillon_message.read(message))
  }

  private func take(_ event: Int, _ message: carillon_message) -> carillon_status {
    guard messages.indices.contains(event) else { return CARILLON_INVALID }
    messages[event] = messages[event] == nil ? read(message) : .failure(broken("emitted two messages for one event"))
    return CARILLON_OK
  }

  private func read(_ message: carillon_message) -> Result<Message, PluginHostError> {
    let bounds = [
      ("title", message.title.len, Self.maximumTitleBytes), ("text", message.text.len, Self.maximumBodyBytes),
      ("html", message.html.len, Self.maximumBodyBytes), ("data", message.data.len, Self.maximumBodyBytes),
      ("content_type", message.content_type.len, Self.maximumContentTypeBytes),
    ]
    if let (name, count, bound) = bounds.first(where: { $0.1 > $0.2 }) {
      return .failure(broken("emitted a \(name) of \(count) bytes; at most \(bound) are allowed"))
    }
    return .success(
      Message(
        title: PlainText.oneLine(String(decoding: message.title.bytes, as: UTF8.self)),
        text: String(decoding: message.text.bytes, as: UTF8.self),
        html: String(decoding: message.html.bytes, as: UTF8.self),
        contentType: PlainText.oneLine(String(decoding: message.content_type.bytes, as: UTF8.self)),
        data: String(decoding: message.data.bytes, as: UTF8.self)))
  }

  private func broken(_ what: String) -> PluginHostError {
    PluginHostError(.contractBroken, "plugin \(plugin), render: \(what)")
  }

  /// One result an event.
  func results() -> [Result<Message, PluginHostError>] {
    messages.map { $0 ?? .failure(broken("emitted no message for this event")) }
  }
}
