import CPluginAPI
import EventModel

/// Writes events and messages as the ABI's structures into an arena.
struct EventWriter {
  private var users: UserWriter
  private var last: EventFacts?
  private var lastEvent: UnsafePointer<carillon_event>?

  init(fields: UserFields) { users = UserWriter(fields: fields) }

  /// An event; deliveries of one event that follow each other share it.
  mutating func write(_ facts: EventFacts, in arena: Arena) -> UnsafePointer<carillon_event> {
    if last === facts, let lastEvent { return lastEvent }
    let event = arena.allocate(carillon_event.self, count: 1)
    event.pointee = carillon_event(
      struct_size: UInt32(MemoryLayout<carillon_event>.size), flags: 0,
      id: arena.copy(facts.id), namespace_: arena.copy(facts.namespace), type: arena.copy(facts.type),
      schedule_id: arena.copy(facts.scheduleID), occurrence_key: arena.copy(facts.occurrenceKey),
      time_zone: arena.copy(facts.timeZone), locale: facts.user.map { arena.copy($0.locale) } ?? carillon_str(),
      user_json: users.write(facts.user, in: arena), definition_json: arena.copy(facts.definitionJSON),
      data_json: UserWriter.literal("{}"), local: carillon_civil(facts.local), reserved: 0,
      due_ns: facts.due.nanoseconds)
    last = facts
    lastEvent = UnsafePointer(event)
    return UnsafePointer(event)
  }

  /// A message.
  static func write(_ message: Message, in arena: Arena) -> UnsafePointer<carillon_message> {
    let result = arena.allocate(carillon_message.self, count: 1)
    result.pointee = carillon_message(
      struct_size: carillon_message.fullSize, flags: 0, title: arena.copy(message.title),
      text: arena.copy(message.text), html: arena.copy(message.html), content_type: arena.copy(message.contentType),
      data: arena.copy(message.data))
    return UnsafePointer(result)
  }
}
