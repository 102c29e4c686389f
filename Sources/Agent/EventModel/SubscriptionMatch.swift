extension Subscription {
  /// Whether it wants an event of its namespace: its event type fits, and all of its filter and its condition hold. The
  /// one rule of routing, for sending and for previews alike.
  /// - Parameter value: what the event, or its person, has in a field; nil when it has nothing there.
  public func wants(eventType: String, _ value: (Condition.Field) -> String?) -> Bool {
    let isAny = self.eventType == Self.anyEventType && !DomainEvent.Kind.isTopic(eventType)
    guard isAny || self.eventType == eventType else { return false }
    let isFiltered = filter.allSatisfy { key, wanted in Self.field(ofFilter: key).map { value($0) == wanted } ?? false }
    return isFiltered && (condition?.holds(value) ?? true)
  }

  private static let attributePrefix = "attributes."

  private static func field(ofFilter key: String) -> Condition.Field? {
    switch key {
    case "user": .userID
    case "schedule": .schedule
    case "queue": .queue
    default: key.hasPrefix(attributePrefix) ? .attribute(String(key.dropFirst(attributePrefix.count))) : nil
    }
  }
}

/// Somebody whom a condition can ask about.
public protocol ConditionPerson {
  /// Its id.
  var id: String { get }
  /// What it is called where one name is wanted.
  var displayName: String { get }
  /// Given name; may be empty.
  var givenName: String { get }
  /// Family name; may be empty.
  var familyName: String { get }
  /// What friends say; may be empty.
  var nickname: String { get }
  /// BCP 47; may be empty.
  var locale: String { get }
  /// IANA zone name; may be empty.
  var timeZone: String { get }
  /// An attribute; nil when there is none of the name.
  func attribute(_ name: String) -> String?
  /// The address of a kind; nil when there is none.
  func address(_ kind: String) -> String?
}

extension ConditionPerson {
  /// What the person has in a field of a condition; nil when that is nothing, or no field of a person.
  public func value(of field: Condition.Field) -> String? {
    let text: String? =
      switch field {
      case .userID: id
      case .name("display_name"): displayName
      case .name("given_name"): givenName
      case .name("family_name"): familyName
      case .name("nickname"): nickname
      case .locale: locale
      case .userTimeZone: timeZone
      case .attribute(let name): attribute(name)
      case .address(let kind): address(kind)
      default: nil
      }
    // A name that nobody gave is none.
    return text?.isEmpty == true ? nil : text
  }
}

extension User: ConditionPerson {
  /// See ``ConditionPerson``.
  public func attribute(_ name: String) -> String? { attributes[name] }
  /// See ``ConditionPerson``.
  public func address(_ kind: String) -> String? { addresses[kind] }
}
