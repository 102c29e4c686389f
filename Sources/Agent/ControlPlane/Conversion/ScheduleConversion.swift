import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_Schedule {
  /// What a client is shown of a schedule.
  /// - Throws: when the stored definition is damaged.
  init(_ schedule: Schedule) throws(StructJSONError) {
    self.init()
    name = ResourceName(kind: .schedule, namespace: schedule.namespace, id: schedule.id).text
    user = schedule.userID.map { ResourceName(kind: .user, namespace: schedule.namespace, id: $0).text } ?? ""
    eventType = schedule.eventType
    definition = try StructJSON.document(of: schedule.definitionJSON)
    queue = schedule.queue ?? ""
    timeZone = schedule.timeZone ?? ""
    gap = schedule.gap.proto
    fold = schedule.fold.proto
    if let policy = schedule.catchUp { catchUp = policy.proto }
    state =
      switch schedule.state {
      case .active: .active
      case .paused: .paused
      case .ended, .deleted: .ended
      }
    etag = Etag.text(schedule.revision)
    if let due = schedule.nextDue { nextDueTime = Google_Protobuf_Timestamp(due) }
    planError = schedule.planError
    if schedule.revision != 0 {
      createTime = Google_Protobuf_Timestamp(schedule.createdAt)
      updateTime = Google_Protobuf_Timestamp(schedule.updatedAt)
    }
    exceptions = schedule.exceptions.map { Carillon_V1_OccurrenceException($0) }
  }

  static let maskFields = [
    "definition", "queue", "time_zone", "gap", "fold", "catch_up", "state", "user", "event_type",
  ]
}

/// Reads a queue as requests name it: `queues/high`, or `high` alone. Nil when it is left out.
func queueName(_ text: String, field: String) throws(ModelError) -> String? {
  guard !text.isEmpty else { return nil }
  guard text.contains("/") else {
    try Names.checkName(text, field: field)
    return text
  }
  return try ResourceName(text, kind: .queue, field: field).id
}

extension Schedule {
  /// A draft with all that a client may say of a schedule. What cannot be read is added to `violations`, and left out.
  init(
    _ message: Carillon_V1_Schedule, namespace: String, id: String, userID: String?, startAt: Timestamp,
    path: FieldPath, violations: inout Violations
  ) {
    self.init(
      namespace: namespace, id: id, userID: userID, eventType: message.eventType, definitionJSON: "{}",
      startAt: startAt)
    for field in Carillon_V1_Schedule.maskFields {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
  }

  /// Takes what the mask has. The user and the event type cannot be changed: they may be repeated, or left out.
  mutating func apply(
    _ message: Carillon_V1_Schedule, mask: FieldMask, path: FieldPath, violations: inout Violations
  ) {
    let user = userID.map { ResourceName(kind: .user, namespace: namespace, id: $0).text } ?? ""
    if mask.has("user"), message.user != user, !message.user.isEmpty || mask.names("user") {
      violations.add(path.field("user"), "cannot be changed; make another schedule")
    }
    if mask.has("event_type"), message.eventType != eventType, !message.eventType.isEmpty || mask.names("event_type") {
      violations.add(path.field("event_type"), "cannot be changed; make another schedule")
    }
    // Who gets an ended schedule, changes it and sends it back means "as it was"; the planner finds out anew whether
    // the series is over.
    let isOver = state == .ended
    for field in Carillon_V1_Schedule.maskFields
    where mask.has(field) && !(field == "state" && isOver && message.state == .ended) {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
    if state == .ended { state = .active }
  }

  private mutating func take(_ field: String, from message: Carillon_V1_Schedule) throws(ModelError) {
    switch field {
    case "definition":
      definitionJSON = try StructJSON.text(
        of: message.definition, field: field, maximumBytes: Self.maximumDefinitionBytes)
    case "queue": queue = try queueName(message.queue, field: field)
    case "time_zone": timeZone = message.timeZone.isEmpty ? nil : message.timeZone
    case "gap": gap = try GapRule(message.gap, field: field)
    case "fold": fold = try FoldRule(message.fold, field: field)
    case "catch_up": catchUp = try CatchUp.policy(message.catchUp, eventType: eventType, field: field)
    case "state": state = try Self.state(message.state, field: field)
    default: break
    }
  }

  private static func state(_ value: Carillon_V1_Schedule.State, field: String) throws(ModelError) -> State {
    switch value {
    case .unspecified, .active: .active
    case .paused: .paused
    case .ended, .UNRECOGNIZED: throw ModelError(field: field, "must be STATE_ACTIVE or STATE_PAUSED")
    }
  }
}
