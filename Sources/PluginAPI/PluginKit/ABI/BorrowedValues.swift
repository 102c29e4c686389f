import CPluginAPI

// C structures to the SDK's values: each string is copied once, here.

extension NextRequest {
  init(borrowed pointer: UnsafePointer<carillon_next_request>?) throws(PluginError) {
    let request = try Borrowed.structure(pointer)
    guard request.max > 0 else { throw PluginError(.invalid, "max is 0, and must be at least 1") }
    self.init(
      max: Int(request.max), definition: JSONText(try Borrowed.string(request.definition_json, "definition_json")),
      user: JSONText(try Borrowed.string(request.user_json, "user_json")),
      timeZone: try Borrowed.string(request.time_zone, "time_zone"), after: try Cursor(borrowed: request.after))
  }
}

extension Cursor {
  init(borrowed pointer: UnsafePointer<carillon_cursor>?) throws(PluginError) {
    let cursor = try Borrowed.structure(pointer)
    self.init(
      isStart: cursor.flags & CARILLON_CURSOR_START != 0, civil: try Borrowed.civil(cursor.civil, "the cursor's civil"),
      instantNanoseconds: cursor.instant_ns, ordinal: cursor.ordinal,
      key: try Borrowed.string(cursor.key, "the cursor's key"))
  }
}

extension Event {
  /// `templates_json` came with minor version 2; an older host's events end before it.
  private static let bytesOfFirstVersion = MemoryLayout<carillon_event>.offset(of: \.templates_json) ?? 0

  init(borrowed pointer: UnsafePointer<carillon_event>?) throws(PluginError) {
    let event = try Borrowed.structure(pointer, floor: Self.bytesOfFirstVersion)
    self.init(
      id: try Borrowed.string(event.id, "id"), namespace: try Borrowed.string(event.namespace_, "namespace"),
      type: try Borrowed.string(event.type, "type"), scheduleID: try Borrowed.string(event.schedule_id, "schedule_id"),
      occurrenceKey: try Borrowed.string(event.occurrence_key, "occurrence_key"),
      timeZone: try Borrowed.string(event.time_zone, "time_zone"),
      locale: try Borrowed.string(event.locale, "locale"),
      user: JSONText(try Borrowed.string(event.user_json, "user_json")),
      definition: JSONText(try Borrowed.string(event.definition_json, "definition_json")),
      data: JSONText(try Borrowed.string(event.data_json, "data_json")),
      local: try Borrowed.civil(event.local, "local"), dueNanoseconds: event.due_ns,
      isTest: event.flags & CARILLON_EVENT_TEST != 0,
      templates: JSONText(try Borrowed.string(event.templates_json, "templates_json")))
  }
}

extension Message {
  init(borrowed pointer: UnsafePointer<carillon_message>?) throws(PluginError) {
    let message = try Borrowed.structure(pointer)
    self.init(
      title: try Borrowed.string(message.title, "title"), text: try Borrowed.string(message.text, "text"),
      html: try Borrowed.string(message.html, "html"),
      contentType: try Borrowed.string(message.content_type, "content_type"),
      data: try Borrowed.string(message.data, "data"))
  }
}

extension Delivery {
  init(borrowed pointer: UnsafePointer<carillon_delivery>?) throws(PluginError) {
    let delivery = try Borrowed.structure(pointer)
    guard delivery.ticket != 0 else { throw PluginError(.invalid, "a delivery has the ticket 0") }
    self.init(
      ticket: Ticket(rawValue: delivery.ticket), attempt: Int(delivery.attempt),
      idempotencyKey: try Borrowed.string(delivery.idempotency_key, "idempotency_key"),
      endpoint: try Borrowed.string(delivery.endpoint, "endpoint"),
      carry: try Borrowed.string(delivery.carry, "carry"), deadlineMonotonicNanoseconds: delivery.deadline_ns,
      firstAttemptNanoseconds: delivery.first_attempt_ns, lateNanoseconds: delivery.late_ns,
      event: try Event(borrowed: delivery.event), message: try Message(borrowed: delivery.message))
  }
}
