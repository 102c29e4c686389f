import AuthorDesk
import EventModel

/// Makes deliveries of the lines that an author writes.
struct EventLine {
  static let known = [
    "title", "text", "html", "content_type", "data", "key", "endpoint", "attempt", "carry", "event",
  ]
  static let knownOfEvent = [
    "id", "type", "namespace", "schedule", "occurrence_key", "time_zone", "due", "definition", "user",
  ]
  /// What is delivered when there is no file.
  static let sample = JSONValue.object([
    ("title", .string("Hello")), ("text", .string("This is the event of ctl plugin run.")),
    ("data", .object([("sample", .bool(true))])),
  ])

  let limit: Duration
  let now: Timestamp
  let zones: DeskZones

  /// The delivery of a line.
  /// - Throws: naming the line and the member at fault.
  func delivery(_ value: JSONValue, line: Int) throws(CtlError) -> Delivery {
    let place = "line \(line)"
    let fields = try ObjectFields(value, at: place, known: Self.known)
    let key = try fields.text("key", "run-\(line)")
    guard !key.isEmpty, !key.contains(".") else { throw .invalid("\(place), key", "must have no '.', and a letter") }
    let event = try event(fields["event"] ?? .object([]), line: line)
    let isJSON = fields["data"].map { if case .string = $0 { false } else { true } } ?? false
    return Delivery(
      id: UInt64(line), idempotencyKey: key, endpoint: try fields.text("endpoint"), carry: try fields.text("carry"),
      attempt: Int32(clamping: try fields.integer("attempt", 1, in: 1...1_000)),
      timeLimit: EventModel.TimeSpan(limit), firstAttemptAt: now,
      lateness: max(.zero, now - event.due), event: event,
      message: Message(
        title: try fields.text("title"), text: try fields.text("text"), html: try fields.text("html"),
        contentType: try fields.text("content_type", isJSON ? "application/json" : ""), data: fields.anyText("data")))
  }

  private func event(_ value: JSONValue, line: Int) throws(CtlError) -> EventFacts {
    let place = "line \(line), event"
    let fields = try ObjectFields(value, at: place, known: Self.knownOfEvent)
    let zone = try fields.text("time_zone", "UTC")
    let due = try due(fields, place)
    let local: EventModel.CivilFields
    do throws(DeskError) { local = try zones.civil(at: due, in: zone) } catch {
      throw .invalid("\(place), time_zone", error.message)
    }
    var user: UserSnapshot?
    if let value = fields["user"] { user = try UserDocument.read(value, at: "\(place), user") }
    return EventFacts(
      id: try fields.text("id", "evt_\(line)"), namespace: try fields.text("namespace", "default"),
      type: try fields.text("type", "notification"), scheduleID: try fields.text("schedule", "desk"),
      occurrenceKey: try fields.text("occurrence_key", "run-\(line)"), timeZone: zone, user: user,
      definitionJSON: try fields.object("definition"), local: local, due: due)
  }

  private func due(_ fields: ObjectFields, _ place: String) throws(CtlError) -> Timestamp {
    guard fields["due"] != nil else { return now }
    guard let due = Timestamps.parse(try fields.text("due")) else {
      throw .invalid("\(place), due", "must be RFC 3339, such as 2026-03-01T09:00:00Z")
    }
    let (micros, overflow) = due.seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { throw .invalid("\(place), due", "is too far away") }
    return Timestamp(microseconds: micros + Int64(due.nanoseconds) / 1_000)
  }
}
