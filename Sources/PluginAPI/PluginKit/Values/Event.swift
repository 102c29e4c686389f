/// One occurrence, planned: what ``EventTypePlugin/render(_:)`` words, and what a sink is told beside the message.
public struct Event: Sendable, Hashable {
  /// The same through every attempt.
  public var id: String
  /// The body of data that it belongs to.
  public var namespace: String
  /// The event type's name, "birthday".
  public var type: String
  /// The schedule that it is an occurrence of.
  public var scheduleID: String
  /// Its identity within the schedule.
  public var occurrenceKey: String
  /// IANA name of the zone that `local` is in.
  public var timeZone: String
  /// BCP 47; may be empty.
  public var locale: String
  /// The user, as far as the manifest's `reads` allows; `{}` without one.
  public var user: JSONText
  /// The schedule's definition.
  public var definition: JSONText
  /// The event type's own data; `{}`.
  public var data: JSONText
  /// When it is due, local time.
  public var local: Civil
  /// The same as nanoseconds since 1970-01-01T00:00:00Z.
  public var dueNanoseconds: Int64
  /// Whether it is sent as a test. Its message's title says so already.
  public var isTest: Bool
  /// The words that the host chose for its locale and sink: `{"title": …, "text": …, "html": …}`, each part may be
  /// absent; empty when there are none. Without meaning for a sink.
  public var templates: JSONText

  /// An event.
  public init(
    id: String, namespace: String = "default", type: String, scheduleID: String, occurrenceKey: String,
    timeZone: String, locale: String = "", user: JSONText = "{}", definition: JSONText = "{}", data: JSONText = "{}",
    local: Civil, dueNanoseconds: Int64, isTest: Bool = false, templates: JSONText = ""
  ) {
    self.id = id
    self.namespace = namespace
    self.type = type
    self.scheduleID = scheduleID
    self.occurrenceKey = occurrenceKey
    self.timeZone = timeZone
    self.locale = locale
    self.user = user
    self.definition = definition
    self.data = data
    self.local = local
    self.dueNanoseconds = dueNanoseconds
    self.isTest = isTest
    self.templates = templates
  }
}

/// What an event says; each sink dresses it for its channel.
public struct Message: Sendable, Hashable {
  /// One line.
  public var title: String
  /// Plain text, escaped for no channel; may have several lines.
  public var text: String
  /// Complete and safe HTML; may be empty.
  public var html: String
  /// Media type of `data`; empty when there is none.
  public var contentType: String
  /// For machines, e.g. `{"age":26}`; may be empty.
  public var data: String

  /// A message.
  public init(title: String, text: String = "", html: String = "", contentType: String = "", data: String = "") {
    self.title = title
    self.text = text
    self.html = html
    self.contentType = contentType
    self.data = data
  }

  /// A message with JSON for machines.
  public init(title: String, text: String, html: String = "", data: JSONObject) {
    self.init(title: title, text: text, html: html, contentType: "application/json", data: data.serialized())
  }
}
