import CPluginAPI
import EventModel

/// Takes what `render` emits. A message that is too long, or missing, is an error of its event alone.
struct MessageCollector {
  static let maximumTitleBytes = 1_024
  static let maximumBodyBytes = 256 * 1_024
  static let maximumContentTypeBytes = 256

  private let plugin: String
  private let count: Int
  /// The places before the last one that nothing was emitted for yet.
  private var missing: Set<Int> = []
  /// As many as the place of the last event that was emitted for; nearly always they come in order.
  private var messages: [Result<Message, PluginHostError>] = []

  init(count: Int, plugin: String) {
    self.plugin = plugin
    self.count = count
    messages.reserveCapacity(count)
  }

  /// `context` points to a collector, which is borrowed for the call.
  static let emit: carillon_emit_message = { context, event, message in
    guard let context, let message else { return CARILLON_STOP }
    return context.assumingMemoryBound(to: MessageCollector.self).pointee.take(event, carillon_message.read(message))
  }

  @inline(__always)
  private mutating func take(_ event: Int, _ message: carillon_message) -> carillon_status {
    guard event >= 0, event < count else { return CARILLON_INVALID }
    if event == messages.count { messages.append(read(message)) } else { place(event, message) }
    return CARILLON_OK
  }

  /// Out of order, which is allowed, or once more, which is not.
  private mutating func place(_ event: Int, _ message: carillon_message) {
    pad(event + 1)
    let isFirst = missing.remove(event) != nil
    messages[event] = isFirst ? read(message) : .failure(broken("emitted two messages for one event"))
  }

  private mutating func pad(_ length: Int) {
    while messages.count < length {
      missing.insert(messages.count)
      messages.append(.failure(broken("emitted no message for this event")))
    }
  }

  private func read(_ message: carillon_message) -> Result<Message, PluginHostError> {
    if !Self.isShort(message), let fault = Self.tooLong(message) { return .failure(broken(fault)) }
    return .success(
      Message(
        title: PlainText.oneLine(message.title), text: message.text.text, html: message.html.text,
        contentType: PlainText.oneLine(message.content_type), data: message.data.text))
  }

  /// Whether every text is within the least of the bounds, as nearly all are: one comparison instead of five.
  @inline(__always)
  private static func isShort(_ message: carillon_message) -> Bool {
    let all = message.title.len | message.text.len | message.html.len | message.data.len | message.content_type.len
    return all >= 0 && all < maximumContentTypeBytes
  }

  private static func tooLong(_ message: carillon_message) -> String? {
    tooLong("title", message.title, maximumTitleBytes) ?? tooLong("text", message.text, maximumBodyBytes)
      ?? tooLong("html", message.html, maximumBodyBytes) ?? tooLong("data", message.data, maximumBodyBytes)
      ?? tooLong("content_type", message.content_type, maximumContentTypeBytes)
  }

  private static func tooLong(_ name: StaticString, _ text: carillon_str, _ bound: Int) -> String? {
    // A null pointer is an empty text, whatever its length says.
    text.bytes.count <= bound ? nil : "emitted a \(name) of \(text.len) bytes; at most \(bound) are allowed"
  }

  private func broken(_ what: String) -> PluginHostError {
    PluginHostError(.contractBroken, "plugin \(plugin), render: \(what)")
  }

  /// One result an event.
  consuming func results() -> [Result<Message, PluginHostError>] {
    pad(count)
    return messages
  }
}
