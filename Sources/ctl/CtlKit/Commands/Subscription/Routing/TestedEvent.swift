import EventModel

/// An event that need not exist, as a file describes it.
struct TestedEvent: Sendable {
  /// Who it is for, as the file says it.
  enum Person: Sendable {
    /// A broadcast, or not said.
    case none
    /// By full name: looked up.
    case named(String)
    case described(TestedPerson)
  }

  var eventType = ""
  /// Id; empty: none.
  var schedule = ""
  /// Id; empty: the event type's.
  var queue = ""
  var key = ""
  var isTest = false
  var definition: JSONValue?
  var person = Person.none
  /// Of the event, for whom has none.
  var timeZone = ""
  /// Milliseconds since 1970; nil: now.
  var due: Int64?

  /// What it, or its person, has in a field of a condition; the same as the agent finds there.
  func value(of field: Condition.Field, _ person: TestedPerson?) -> String? {
    switch field {
    case .eventType: eventType
    case .schedule: schedule.isEmpty ? nil : schedule
    case .queue: queue
    case .key: key.isEmpty ? nil : key
    case .test: isTest ? "true" : "false"
    case .definition(let name): definition?[name].flatMap(Self.scalar)
    default: person?.value(of: field)
    }
  }

  private static func scalar(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text), .number(let text): text
    case .integer(let number): String(number)
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// For programs.
  func json(_ person: TestedPerson?) -> JSONValue {
    var members: [(String, JSONValue)] = [("eventType", .string(eventType)), ("queue", .string(queue))]
    for (name, text) in [("schedule", schedule), ("occurrenceKey", key), ("user", person?.id ?? "")] where !text.isEmpty
    {
      members.append((name, .string(text)))
    }
    if isTest { members.append(("test", .bool(true))) }
    return .object(members)
  }
}

/// Whom a tested event is for.
struct TestedPerson: ConditionPerson, Sendable {
  var id = ""
  var displayName = ""
  var givenName = ""
  var familyName = ""
  var nickname = ""
  var locale = ""
  var timeZone = ""
  var addresses: [String: String] = [:]
  var attributes: [String: String] = [:]
  var isPaused = false

  func attribute(_ name: String) -> String? { attributes[name] }
  func address(_ kind: String) -> String? { addresses[kind] }
}
