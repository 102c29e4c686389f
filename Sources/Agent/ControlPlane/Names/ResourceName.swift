import EventModel

/// The kinds of resources, as their names have them (google.aip.dev/122).
enum ResourceKind: String, Sendable {
  case namespace = "namespaces"
  case user = "users"
  case schedule = "schedules"
  case event = "events"
  case sink = "sinks"
  case subscription = "subscriptions"
  case template = "templates"
  case deadLetter = "deadLetters"
  case queue = "queues"
  case plugin = "plugins"
  case agent = "agents"
  case shard = "shards"
  case token = "tokens"
  case grant = "grants"
  case denial = "denials"

  /// Whether its name begins with a namespace.
  var isNamespaced: Bool {
    switch self {
    case .user, .schedule, .event, .sink, .subscription, .template, .deadLetter: true
    case .namespace, .queue, .plugin, .agent, .shard, .token, .grant, .denial: false
    }
  }

  /// What it is called in a sentence.
  var noun: String { self == .deadLetter ? "dead letter" : singular }

  /// `ResourceInfo.type` of google.rpc.
  var typeName: String { "carillon.v1/" + singular.prefix(1).uppercased() + singular.dropFirst() }

  private var singular: String { String(rawValue.dropLast()) }

  /// What a name of this kind looks like.
  var pattern: String {
    switch self {
    case .namespace: "namespaces/{namespace}"
    case .deadLetter: "namespaces/{namespace}/deadLetters/{number}"
    case _ where isNamespaced: "namespaces/{namespace}/\(rawValue)/{\(singular)}"
    default: "\(rawValue)/{\(singular)}"
    }
  }
}

/// A resource's name, taken apart and checked: `namespaces/default/users/ada`.
struct ResourceName: Hashable, Sendable {
  /// Longest name that is looked at, in bytes.
  static let maximumBytes = 1_024

  let kind: ResourceKind
  /// Empty for what is the store's and not a namespace's.
  let namespace: String
  /// The last segment.
  let id: String

  /// Reads a name of one kind.
  /// - Throws: `ModelError` that names `field` and the pattern.
  init(_ text: String, kind: ResourceKind, field: String) throws(ModelError) {
    let wrong = ModelError(
      field: field, text.isEmpty ? "is required: \(kind.pattern)" : "must be of the form \(kind.pattern)")
    guard text.utf8.count <= Self.maximumBytes else { throw wrong }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if kind.isNamespaced {
      guard parts.count == 4, parts[0] == ResourceKind.namespace.rawValue, parts[2] == kind.rawValue else {
        throw wrong
      }
      self.init(kind: kind, namespace: parts[1], id: parts[3])
    } else {
      guard parts.count == 2, parts[0] == kind.rawValue else { throw wrong }
      self.init(kind: kind, namespace: kind == .namespace ? parts[1] : "", id: parts[1])
    }
    try check(field: field)
  }

  /// Puts a name together; checks nothing.
  init(kind: ResourceKind, namespace: String = "", id: String) {
    self.kind = kind
    self.namespace = namespace
    self.id = id
  }

  /// The name as text.
  var text: String {
    kind.isNamespaced ? "namespaces/\(namespace)/\(kind.rawValue)/\(id)" : "\(kind.rawValue)/\(id)"
  }

  private func check(field: String) throws(ModelError) {
    if !namespace.isEmpty || kind.isNamespaced || kind == .namespace {
      try Names.checkName(namespace, field: field)
    }
    switch kind {
    case .namespace: break
    case .user, .schedule, .subscription, .template: try Names.checkID(id, field: field)
    case .sink, .queue, .token, .grant, .denial: try Names.checkName(id, field: field)
    case .event:
      guard EventIdentity(text: id) != nil else {
        throw ModelError(field: field, "\"\(id.prefix(80))\" is no event id")
      }
    case .deadLetter:
      guard let number = Int64(id), number > 0, String(number) == id else {
        throw ModelError(field: field, "must be of the form \(kind.pattern)")
      }
    case .plugin, .agent, .shard:
      guard (1...255).contains(id.utf8.count) else { throw ModelError(field: field, "must be 1 to 255 bytes") }
    }
  }
}

extension ResourceName {
  /// Reads a parent: a namespace. Answers its id.
  static func namespace(_ text: String, field: String = "parent") throws(ModelError) -> String {
    try ResourceName(text, kind: .namespace, field: field).id
  }

  /// Reads the name of something that must be in `namespace`.
  static func id(
    _ text: String, kind: ResourceKind, in namespace: String, field: String
  ) throws(ModelError) -> String {
    let name = try ResourceName(text, kind: kind, field: field)
    guard name.namespace == namespace else {
      throw ModelError(field: field, "must be in namespaces/\(namespace)")
    }
    return name.id
  }

  /// Reads the name of something that may be left out: nil for the empty text.
  static func optionalID(
    _ text: String, kind: ResourceKind, in namespace: String, field: String
  ) throws(ModelError) -> String? {
    text.isEmpty ? nil : try id(text, kind: kind, in: namespace, field: field)
  }
}
