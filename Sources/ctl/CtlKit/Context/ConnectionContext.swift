/// Whom `ctl` talks to under a name: a fleet of agents, how to show who one is, and a namespace.
struct ConnectionContext: Sendable, Equatable {
  var name: String
  var agents: [Endpoint] = []
  /// PEM files; relative ones are beside the file that names them.
  var authority: String?
  var certificate: String?
  var key: String?
  var serverName: String?
  var token: SecretReference?
  var namespace: String?

  static let maxAgents = 256
  static let maxNameBytes = 63

  /// Names of contexts and agents: letters, digits, `-`, `_` and `.`, at most 63.
  static func isName(_ text: String) -> Bool {
    1...maxNameBytes ~= text.utf8.count
      && text.utf8.allSatisfy {
        Byte.isLetter($0) || Byte.isDigit($0) || $0 == Byte.dash || $0 == Byte.dot || $0 == Byte.underscore
      }
  }
}

/// The contexts of a person, and the one in use.
struct ContextList: Sendable, Equatable {
  static let maxContexts = 1_000

  var current: String?
  var contexts: [ConnectionContext] = []

  subscript(name: String) -> ConnectionContext? { contexts.first { $0.name == name } }

  /// The one of that name, or the complaint that there is none, with the nearest.
  func named(_ name: String) throws(CtlError) -> ConnectionContext {
    if let context = self[name] { return context }
    let suggestion = NearestName.suggestion(name, in: contexts.map(\.name))
    throw CtlError(
      .notFound, "there is no context \(Excerpt.of(name))\(suggestion)", hint: "see what there is: ctl context list")
  }

  /// Puts it in place of the one of its name, else at the end.
  mutating func put(_ context: ConnectionContext) {
    if let place = contexts.firstIndex(where: { $0.name == context.name }) {
      contexts[place] = context
    } else {
      contexts.append(context)
    }
  }
}
