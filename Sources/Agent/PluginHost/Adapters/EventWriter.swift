import CPluginAPI
import EventModel

/// A text that is often the same as the one before, and is then written once.
private struct SharedText {
  private var last = ""
  private var lastCopy = carillon_str()

  @inline(__always)
  mutating func copy(_ text: String, in arena: Arena) -> carillon_str {
    Self.isOneValue(text, last) ? lastCopy : another(text, in: arena)
  }

  @inline(never)
  private mutating func another(_ text: String, in arena: Arena) -> carillon_str {
    // By bytes: texts that only Unicode calls equal are not the same.
    if CodePoints(text) == CodePoints(last) { return lastCopy }
    last = text
    lastCopy = arena.copy(text)
    return lastCopy
  }

  /// Whether two values are the same bit by bit, as those are that share their bytes, and short ones that have the same:
  /// nearly always, and much cheaper to see than in the bytes.
  @inline(__always)
  private static func isOneValue(_ a: String, _ b: String) -> Bool {
    let (a, b) = (unsafeBitCast(a, to: (UInt64, UInt64).self), unsafeBitCast(b, to: (UInt64, UInt64).self))
    return a.0 == b.0 && a.1 == b.1
  }
}

/// Writes events and messages as the ABI's structures into an arena.
struct EventWriter {
  private let fields: UserFields
  private var users: UserWriter
  /// By its identity alone: whoever writes a batch keeps it for as long.
  private var last: ObjectIdentifier?
  private var lastEvent: UnsafePointer<carillon_event>?
  private var namespace = SharedText()
  private var type = SharedText()
  private var timeZone = SharedText()
  private var locale = SharedText()
  private var definition = SharedText()
  private var templates = SharedText()

  init(fields: UserFields) {
    self.fields = fields
    users = UserWriter(fields: fields)
  }

  /// An event; deliveries of one event that follow each other share it.
  mutating func write(_ facts: EventFacts, in arena: Arena) -> UnsafePointer<carillon_event> {
    let identity = ObjectIdentifier(facts)
    if last == identity, let lastEvent { return lastEvent }
    let event = arena.place(
      carillon_event(
        struct_size: UInt32(MemoryLayout<carillon_event>.size), flags: facts.isTest ? CARILLON_EVENT_TEST : 0,
        id: arena.copy(facts.id), namespace_: namespace.copy(facts.namespace, in: arena),
        type: type.copy(facts.type, in: arena),
        schedule_id: arena.copy(facts.scheduleID), occurrence_key: arena.copy(facts.occurrenceKey),
        time_zone: timeZone.copy(facts.timeZone, in: arena),
        locale: locale.copy(fields.contains(.locale) ? facts.user?.locale ?? "" : "", in: arena),
        user_json: users.write(facts.user, in: arena),
        definition_json: definition.copy(facts.definitionJSON, in: arena),
        data_json: UserWriter.literal("{}"), local: carillon_civil(facts.local), reserved: 0,
        due_ns: facts.due.nanoseconds, templates_json: templates.copy(facts.templatesJSON, in: arena)))
    last = identity
    lastEvent = event
    return event
  }

  /// A message.
  static func write(_ message: Message, in arena: Arena) -> UnsafePointer<carillon_message> {
    arena.place(
      carillon_message(
        struct_size: carillon_message.fullSize, flags: 0, title: arena.copy(message.title),
        text: arena.copy(message.text), html: arena.copy(message.html), content_type: arena.copy(message.contentType),
        data: arena.copy(message.data)))
  }
}
