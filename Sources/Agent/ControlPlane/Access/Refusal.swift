import EventModel
import GRPCCore
import GRPCProtobuf

/// What is told to who may not: UNAUTHENTICATED for no credentials or bad ones, PERMISSION_DENIED for who is known.
enum Refusal {
  /// No credentials, or bad ones. Tells what is wrong with them, and nothing that a guess could use.
  static func unauthenticated(_ message: String) -> GoogleStatus {
    Failure.make(.unauthenticated, "UNAUTHENTICATED", message)
  }

  /// The certificate or its identity was denied.
  static func denied(_ identity: String) -> GoogleStatus {
    Failure.make(.permissionDenied, "DENIED", "\(identity) was denied; ctl denial list on the agent's host says why")
  }

  /// Nothing is granted to it.
  static func noGrant(_ identity: String) -> GoogleStatus {
    Failure.make(
      .permissionDenied, "NO_GRANT", "nothing is granted to \(identity); an administrator can create a grant for it")
  }

  /// It has too low a role.
  static func role(_ caller: Caller, needed: Role, method: String) -> GoogleStatus {
    Failure.make(
      .permissionDenied, "ROLE_TOO_LOW",
      "\(method) is for \(needed.rawValue)s; \(caller.identity) is \(caller.widest?.role.rawValue ?? "nothing")",
      metadata: ["needed": needed.rawValue])
  }

  /// It may do this in some namespaces only, and this is not about one of them.
  static func namespace(_ caller: Caller, method: String) -> GoogleStatus {
    let own = caller.rights.compactMap(\.namespace).sorted().map { "namespaces/\($0)" }
    return Failure.make(
      .permissionDenied, "OTHER_NAMESPACE",
      "\(caller.identity) may call \(method) for \(own.joined(separator: ", ")) only, and the request is not about it")
  }

  /// It may do something in some namespaces only, and this reaches all.
  static func fleet(_ caller: Caller, method: String) -> GoogleStatus {
    Failure.make(
      .permissionDenied, "ALL_NAMESPACES_NEEDED",
      "\(method) reaches all namespaces, and \(caller.identity) may reach some only")
  }

  /// The protos do not say who may.
  static func undeclared(_ method: String) -> GoogleStatus {
    Failure.make(.permissionDenied, "NOT_DECLARED", "nobody may call \(method): no role is declared for it")
  }

  /// The access list was never read.
  static let notReady = Failure.make(
    .unavailable, "ACCESS_LIST_NOT_READ", "the agent could not read yet who may do what; try again soon",
    details: [.retryInfo(delay: .seconds(1))])

  /// Too many calls.
  static func limited(_ whose: String, retryAfter: Duration) -> GoogleStatus {
    Failure.make(
      .resourceExhausted, "TOO_MANY_REQUESTS", "too many calls of \(whose); wait, and call less often",
      details: [.retryInfo(delay: retryAfter)])
  }
}
