import HTTPTransport
import PluginKit0

/// The JSON that says an event: a function of the event and its message alone, so that every attempt sends the same
/// bytes.
enum WebhookPayload {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Carillon's own form: the type, the time, and ``data(_:_:)``.
  ///
  /// - Throws: `invalid` when a part that should be JSON is not: the body must be JSON whatever a plugin says.
  static func body(_ event: Event, _ message: Message) throws(PluginError) -> [UInt8] {
    var text = ""
    text.reserveCapacity(size(event, message))
    text += #"{"type":"#
    text += quoted(event.type)
    text += #","timestamp":"#
    text += quoted(timestamp(event))
    text += #","data":"#
    try addData(event, message, to: &text)
    text += "}"
    return Array(text.utf8)
  }

  /// What the event and its message say, as one JSON object.
  ///
  /// - Throws: as ``body(_:_:)``.
  static func data(_ event: Event, _ message: Message) throws(PluginError) -> String {
    var text = ""
    text.reserveCapacity(size(event, message))
    try addData(event, message, to: &text)
    return text
  }

  /// When the event is due, as RFC 3339 writes it.
  static func timestamp(_ event: Event) -> String {
    let nanoseconds = event.dueNanoseconds
    let remainder = nanoseconds % nanosecondsPerSecond
    return UTCDate(unixSeconds: nanoseconds / nanosecondsPerSecond - (remainder < 0 ? 1 : 0)).rfc3339
  }

  /// What the message says to machines, or the event's own data; nil when there is neither.
  static func details(_ event: Event, _ message: Message) -> String? {
    if message.contentType == "application/json", !message.data.isEmpty { return message.data }
    return event.data.text.isEmpty || event.data.text == "{}" ? nil : event.data.text
  }

  static func quoted(_ text: String) -> String { JSONValue.string(text).serialized() }

  private static func size(_ event: Event, _ message: Message) -> Int {
    512 + event.user.text.utf8.count + message.text.utf8.count + message.html.utf8.count + message.data.utf8.count
  }

  private static func addData(_ event: Event, _ message: Message, to text: inout String) throws(PluginError) {
    text += #"{"event_id":"#
    text += quoted(event.id)
    for (name, value) in fields(event) { add(name, value, to: &text) }
    if event.isTest { text += #","test":true"# }
    text += #","user":"#
    text += try document(event.user.text.isEmpty ? "{}" : event.user.text, "user")
    add("title", message.title, to: &text)
    add("text", message.text, to: &text)
    if !message.html.isEmpty { add("html", message.html, to: &text) }
    if let details = details(event, message) {
      text += #","details":"#
      text += try document(details, "message's data")
    }
    text += "}"
  }

  private static func fields(_ event: Event) -> [(String, String)] {
    var fields = [
      ("namespace", event.namespace), ("schedule_id", event.scheduleID), ("occurrence_key", event.occurrenceKey),
      ("local_time", event.local.description), ("time_zone", event.timeZone),
    ]
    if !event.locale.isEmpty { fields.append(("locale", event.locale)) }
    return fields
  }

  private static func add(_ name: String, _ value: String, to text: inout String) {
    text += ",\"\(name)\":"
    text += quoted(value)
  }

  private static func document(_ text: String, _ name: String) throws(PluginError) -> String {
    if text == "{}" { return text }
    do {
      _ = try JSONValue(parsing: text)
    } catch {
      throw PluginError(.invalid, "the \(name) is not JSON: \(error)")
    }
    return text
  }
}
