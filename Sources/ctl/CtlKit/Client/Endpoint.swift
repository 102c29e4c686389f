/// One agent that a client can reach.
struct Endpoint: Sendable, Equatable {
  /// As the context calls it, and rows show it.
  var name: String
  var address: AgentAddress
}

/// Whom a command talks to, as flags, environment and context say.
struct Connection: Sendable, Equatable {
  var endpoints: [Endpoint]
  var credentials: Credentials
  var namespace: String
  /// The context it came from, if one was used.
  var context: String?

  /// Whether commands about agents go to several.
  var isFleet: Bool { endpoints.count > 1 }
}
