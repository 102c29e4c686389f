import EventModel

/// The host's own event types: one for each kind of domain events. Their events are made by the relay alone; what they
/// say is read from references, so that nobody's data is copied into them.
struct DomainEventType: EventTypePort {
  let kind: DomainEvent.Kind

  /// They have no occurrences: nobody can schedule them.
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { _ in .failure(PortError(.invalid, "\(kind.rawValue) is a topic, which cannot be scheduled")) }
  }

  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    events.map { .success(message($0)) }
  }

  private func message(_ facts: EventFacts) -> Message {
    func member(_ name: String) -> String? { FlatJSON.value(name, in: facts.definitionJSON) }
    let user = facts.user?.id
    var data = ["id": facts.occurrenceKey, "kind": kind.rawValue]
    if kind.isAboutSink { return sinkMessage(member, &data) }
    data["user"] = user
    for name in DomainEventDefinition.members { data[name] = member(name) }
    let title = self.title(user: user, eventType: member("event_type") ?? "")
    var lines = [title + "."]
    if kind == .userZoneChanged, let zone = facts.user?.timeZone, !zone.isEmpty { lines.append("It is \(zone) now.") }
    if let event = member("event") {
      lines.append("Event \(event) of schedule \(member("schedule") ?? ""), due \(member("due") ?? "").")
    }
    return Message(
      title: title, text: lines.joined(separator: "\n"), contentType: "application/json", data: FlatJSON.object(data))
  }

  private func sinkMessage(_ member: (String) -> String?, _ data: inout [String: String]) -> Message {
    for name in DomainEventDefinition.sinkMembers { data[name] = member(name) }
    let sink = member("sink") ?? ""
    let title =
      switch kind {
      case .deadLetterCreated: "Deliveries of sink \(sink) become dead letters"
      case .sinkCircuitOpened: "The circuit of sink \(sink) opened"
      default: "Sink \(sink) is gone, or one of its endpoints"
      }
    let detail = member("detail").flatMap { $0.isEmpty ? nil : "\($0)\n" } ?? ""
    return Message(
      title: title, text: "\(title).\n\(detail)Look at it with: ctl sink get \(sink)",
      contentType: "application/json", data: FlatJSON.object(data))
  }

  private func title(user: String?, eventType: String) -> String {
    let person = user ?? "that is gone"
    let event = "\(eventType) event" + (user.map { " of user \($0)" } ?? "")
    return switch kind {
    case .userCreated: "User \(person) was created"
    case .userZoneChanged: "The time zone of user \(person) changed"
    case .userDateChanged: "A date of user \(person) changed"
    case .eventScheduled: "A \(event) was scheduled"
    case .eventCompleted: "A \(event) was completed"
    case .eventFailed: "A \(event) failed"
    case .deadLetterCreated, .sinkCircuitOpened, .sinkDisabled: kind.rawValue
    }
  }
}

/// What the event of a domain event is defined by: references, and times.
enum DomainEventDefinition {
  /// Its members beside the person, who is the schedule's.
  static let members = ["at", "event", "event_type", "schedule", "due"]
  /// Those of what happens at a sink.
  static let sinkMembers = ["at", "sink", "detail"]

  static func json(_ event: DomainEvent) -> String {
    var members = ["at": event.at.iso8601]
    if let sink = event.sink {
      members["sink"] = sink
      members["detail"] = event.detail
    }
    if let subject = event.subject {
      members["event"] = subject.identity.text
      members["event_type"] = subject.eventType
      members["schedule"] = subject.scheduleID
      members["due"] = subject.dueAt.iso8601
    }
    return FlatJSON.object(members)
  }
}

/// Finds the host's own event types beside the plugins'. A topic's name is none that a plugin can have.
struct PluginsAndTopics: PluginDirectory {
  let plugins: any PluginDirectory

  func eventType(named name: String) -> (any EventTypePort)? {
    if let kind = DomainEvent.Kind(rawValue: name) { return DomainEventType(kind: kind) }
    return plugins.eventType(named: name)
  }

  func sink(_ sink: Sink) async -> Result<any SinkPort, PortError> { await plugins.sink(sink) }
}
