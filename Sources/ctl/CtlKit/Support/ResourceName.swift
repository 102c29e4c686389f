/// The collections of the API and the names in them (google.aip.dev/122).
enum ResourceKind: String, Sendable, CaseIterable {
  case users
  case schedules
  case events
  case sinks
  case subscriptions
  case templates
  case deadLetters
  case queues
  case plugins
  case agents
  case tokens
  case grants
  case denials

  /// Belongs to a namespace; queues, plugins and agents are the store's.
  var isNamespaced: Bool {
    switch self {
    case .users, .schedules, .events, .sinks, .subscriptions, .templates, .deadLetters: true
    case .queues, .plugins, .agents, .tokens, .grants, .denials: false
    }
  }

  /// One of them, and the noun of its commands: `user`.
  var singular: String { self == .deadLetters ? "dead-letter" : String(rawValue.dropLast()) }

  /// Several of them, for people: `users`.
  var plural: String { self == .deadLetters ? "dead letters" : rawValue }

  /// The full name of what was given as an id or as a full name.
  func name(_ text: String, namespace: String) throws(CtlError) -> String {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains("") else { throw .invalid(singular, "an id is missing: \(Excerpt.of(text))") }
    switch (parts.count, isNamespaced) {
    case (1, true): return "namespaces/\(namespace)/\(rawValue)/\(text)"
    case (1, false): return "\(rawValue)/\(text)"
    case (2, false) where parts[0] == rawValue: return text
    case (4, true) where parts[0] == "namespaces" && parts[2] == rawValue: return text
    default:
      let form = isNamespaced ? "namespaces/NAMESPACE/\(rawValue)/ID" : "\(rawValue)/ID"
      throw .invalid(singular, "\(Excerpt.of(text)) is no name of a \(singular)", hint: "give its id, or \(form)")
    }
  }

  /// The name, or nothing for nothing.
  func optionalName(_ text: String?, namespace: String) throws(CtlError) -> String {
    guard let text, !text.isEmpty else { return "" }
    return try name(text, namespace: namespace)
  }

  /// What lists are asked of.
  func parent(namespace: String) -> String { "namespaces/\(namespace)" }
}

enum ResourceName {
  /// The last part: what a table shows.
  static func id(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }
}
