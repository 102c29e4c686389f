import EventModel
import SwiftProtobuf

/// Something to try words on: a schedule that is stored nowhere, and a person who does not exist.
struct SampleSchedule {
  let schedule: Schedule
  let user: User

  /// What texts without a rule are in a sample. The person has a date of this name too, as a definition may name one.
  private static let word = "sample"
  /// The most definitions that are tried.
  private static let maximumDefinitions = 12

  init(_ template: MessageTemplate, definitionJSON: String, now: Timestamp) {
    let dates = ["birth", "wedding", "anniversary", "work", Self.word]
    user = User(
      namespace: template.namespace, id: Self.word, displayName: "Ada Sample", givenName: "Ada", familyName: "Sample",
      nickname: "Addie", locale: template.locale, timeZone: "UTC",
      dates: Dictionary(uniqueKeysWithValues: dates.map { ($0, "1990-05-04") }))
    schedule = Schedule(
      namespace: template.namespace, id: Self.word, userID: user.id, eventType: template.eventType,
      definitionJSON: definitionJSON, startAt: now)
  }

  /// Definitions that may suit an event type, the likeliest first: the examples of its schema, what its schema requires,
  /// and what common event types ask for. Which of them do, only the event type can tell.
  /// - Parameter tomorrow: a local time in the future, ISO 8601.
  static func definitions(schema: String, tomorrow: String) -> [String] {
    let schema = (try? StructJSON.document(of: schema)) ?? Google_Protobuf_Struct()
    var documents = schema.fields["examples"]?.listValue.values.compactMap(\.document) ?? []
    documents.append(required(by: schema, depth: 0))
    let titled: Google_Protobuf_Struct = ["title": .init(stringValue: word)]
    var dated = titled
    dated.fields["start"] = .init(stringValue: tomorrow)
    documents += [Google_Protobuf_Struct(), titled, dated, ["date": .init(stringValue: word)]]
    var texts: [String] = []
    for document in documents.prefix(maximumDefinitions) {
      let text = try? StructJSON.text(
        of: document, field: "definition", maximumBytes: Schedule.maximumDefinitionBytes)
      if let text, !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  /// The smallest document with the properties that a JSON Schema requires.
  private static func required(by schema: Google_Protobuf_Struct, depth: Int) -> Google_Protobuf_Struct {
    var document = Google_Protobuf_Struct()
    let properties = schema.fields["properties"]?.structValue.fields ?? [:]
    for name in schema.fields["required"]?.listValue.values.prefix(64).map(\.stringValue) ?? [] {
      guard let property = properties[name]?.document else { continue }
      document.fields[name] = value(of: property, depth: depth + 1)
    }
    return document
  }

  private static func value(of property: Google_Protobuf_Struct, depth: Int) -> Google_Protobuf_Value {
    for key in ["const", "default"] {
      if let value = property.fields[key] { return value }
    }
    for key in ["examples", "enum"] {
      if let value = property.fields[key]?.listValue.values.first { return value }
    }
    switch property.fields["type"]?.stringValue {
    case "integer", "number": return property.fields["minimum"] ?? Google_Protobuf_Value(numberValue: 1)
    case "boolean": return Google_Protobuf_Value(boolValue: false)
    case "array": return Google_Protobuf_Value(listValue: .init())
    case "object" where depth < 4: return Google_Protobuf_Value(structValue: required(by: property, depth: depth))
    default: break
    }
    return Google_Protobuf_Value(stringValue: property.fields["format"]?.stringValue == "date" ? "1990-05-04" : word)
  }
}

extension Google_Protobuf_Value {
  fileprivate var document: Google_Protobuf_Struct? {
    guard case .structValue(let document)? = kind else { return nil }
    return document
  }
}
