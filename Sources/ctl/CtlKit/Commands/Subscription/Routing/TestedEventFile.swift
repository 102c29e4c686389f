import ControlAPI

/// Reads the event that `ctl subscription test` is about: a YAML or JSON document with the members that
/// `ctl event get -o json` prints, and with the person in it where there is none to be looked up.
struct TestedEventFile {
  /// Bytes that are read.
  static let maxBytes = 1024 * 1024
  static let known = [
    "eventType", "schedule", "queue", "occurrenceKey", "test", "definition", "user", "timeZone", "dueTime",
  ]
  /// What became of an event that exists; it changes nothing about where such a one goes.
  static let ignored: Set<String> = ["name", "localTime", "state", "attempt", "settleTime"]

  let namespace: String
  private var event = TestedEvent()
  private var faults: [CtlError.Violation] = []

  private init(namespace: String) { self.namespace = namespace }

  static func read(_ bytes: [UInt8], name: String, namespace: String) throws(CtlError) -> TestedEvent {
    let values = try YAMLReader.documents(bytes, name: name)
    guard values.count == 1, let value = values.first, case .map(let members) = value.form else {
      throw CtlError(
        .invalidArgument, "\(name) must have one event, such as {\"eventType\": \"birthday\", \"user\": \"ada\"}")
    }
    var file = TestedEventFile(namespace: namespace)
    for (key, value) in members { file.take(ApplyDecoder.camelCase(key), value) }
    guard file.faults.isEmpty else {
      throw CtlError(.invalidArgument, "\(name) has no event that can be tested", violations: file.faults)
    }
    return file.event
  }

  private mutating func fault(_ value: SourceValue, _ field: String, _ reason: String) {
    faults.append(.init(field: "line \(value.line): \(field)", reason: reason))
  }

  private mutating func take(_ field: String, _ value: SourceValue) {
    switch (field, value.form) {
    case ("test", .scalar(.bool(let flag))): event.isTest = flag
    case ("test", _): fault(value, field, "must be true or false")
    case ("definition", .map): event.definition = value.json
    case ("definition", _): fault(value, field, "must be a mapping")
    case ("user", .map(let members)): takePerson(value, members)
    case ("user", _): takeName(field, value)
    case ("dueTime", .scalar(.string(let text))):
      guard let due = Timestamps.parse(text) else { return fault(value, field, "must be RFC 3339, not \(text)") }
      event.due = due.seconds * 1_000 + Int64(due.nanoseconds) / 1_000_000
    case ("dueTime", _): fault(value, field, "must be RFC 3339")
    case ("eventType", _), ("occurrenceKey", _), ("timeZone", _), ("schedule", _), ("queue", _): takeName(field, value)
    case _ where Self.ignored.contains(field): break
    default:
      fault(
        value, field,
        "is not known\(NearestName.suggestion(field, in: Self.known)) (known: \(Self.known.joined(separator: ", ")))")
    }
  }

  private mutating func takeName(_ field: String, _ value: SourceValue) {
    let text: String
    switch value.form {
    case .scalar(.string(let given)): text = given
    case .scalar(.integer(let number)): text = String(number)
    case .scalar(.null): text = ""
    default: return fault(value, field, "must be a text")
    }
    do throws(CtlError) {
      switch field {
      case "eventType": event.eventType = text
      case "occurrenceKey": event.key = text
      case "timeZone": event.timeZone = text
      case "schedule": event.schedule = try id(text, .schedules)
      case "queue": event.queue = try id(text, .queues)
      default: event.person = text.isEmpty ? .none : .named(try ResourceKind.users.name(text, namespace: namespace))
      }
    } catch {
      fault(value, field, error.message)
    }
  }

  private func id(_ text: String, _ kind: ResourceKind) throws(CtlError) -> String {
    text.isEmpty ? "" : ResourceName.id(try kind.name(text, namespace: namespace))
  }

  /// A person is written as in a file for `ctl apply`; nobody has to make up an id.
  private mutating func takePerson(_ value: SourceValue, _ members: [(key: String, value: SourceValue)]) {
    var whole = members.filter { !["kind", "namespace"].contains($0.key) }
    let isNamed = whole.contains { ["id", "name"].contains($0.key) }
    let add = { (key: String, text: String) in
      whole.append((key, SourceValue(form: .scalar(.string(text)), line: value.line)))
    }
    add("kind", "User")
    if !isNamed { add("id", "nobody") }
    var decoder = ApplyDecoder(standardNamespace: namespace)
    let document = decoder.decode(SourceValue(form: .map(whole), line: value.line))
    faults += decoder.faults
    guard let document else { return }
    do throws(CtlError) {
      var person = TestedPerson(try Users.decode(document))
      person.id = isNamed ? document.id : ""
      event.person = .described(person)
    } catch {
      fault(value, "user", error.message)
    }
  }
}
