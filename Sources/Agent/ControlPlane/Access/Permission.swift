import EventModel

/// What a request reaches, as far as it is known.
enum RequestReach: Hashable, Sendable {
  /// The request was not read yet: who could not make the call for any request is refused.
  case unknownYet
  /// These namespaces, by the names in the request.
  case namespaces(Set<String>)
  /// It cannot be told: only who may reach every namespace may go on.
  case untold
}

/// Whether a caller may make a call: pure.
enum Permission {
  /// - Throws: PERMISSION_DENIED.
  static func check(_ caller: Caller, _ rule: MethodRule, reach: RequestReach, method: String) throws {
    guard case .callers(let role, let scope) = rule else { return }
    let fitting = caller.rights.filter { $0.role >= role }
    guard !caller.rights.isEmpty else { throw Refusal.noGrant(caller.identity) }
    if fitting.contains(where: { $0.namespace == nil }) { return }
    guard !fitting.isEmpty else { throw Refusal.role(caller, needed: role, method: method) }
    switch scope {
    case .shared: return
    case .fleet: throw Refusal.fleet(caller, method: method)
    case .namespace:
      switch reach {
      case .unknownYet: return
      case .untold: throw Refusal.namespace(caller, method: method)
      case .namespaces(let names):
        let own = Set(fitting.compactMap(\.namespace))
        guard !names.isEmpty, names.isSubset(of: own) else { throw Refusal.namespace(caller, method: method) }
      }
    }
  }
}
