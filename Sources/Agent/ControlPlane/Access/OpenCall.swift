import EventModel
import GRPCCore
import GRPCProtobuf
import Synchronization

/// A call under way, to be ended when its caller may no longer make it.
final class OpenCall: Sendable {
  private let gatekeeper: Gatekeeper
  private let credentials: Credentials
  private let method: String
  private let rule: MethodRule
  private let state: CallState
  private let cancellation: ServerContext.RPCCancellationHandle
  /// The namespaces that its requests have named.
  private let namespaces = Mutex<Set<String>>([])

  init(
    _ gatekeeper: Gatekeeper, credentials: Credentials, method: String, rule: MethodRule, state: CallState,
    cancellation: ServerContext.RPCCancellationHandle
  ) {
    self.gatekeeper = gatekeeper
    self.credentials = credentials
    self.method = method
    self.rule = rule
    self.state = state
    self.cancellation = cancellation
  }

  deinit { gatekeeper.directory.remove(ObjectIdentifier(self)) }

  /// Checks a request's namespaces, and remembers them for when the access list changes.
  /// - Throws: PERMISSION_DENIED.
  func check(_ reach: RequestReach) throws {
    guard let caller = state.caller else { throw Refusal.undeclared(method) }
    try Permission.check(caller, rule, reach: reach, method: method)
    if case .namespaces(let names) = reach { namespaces.withLock { $0.formUnion(names) } }
  }

  /// Ends the call if its caller may not make it any more.
  func review() {
    do {
      let caller = try gatekeeper.caller(credentials)
      try Permission.check(caller, rule, reach: .unknownYet, method: method)
      let named = namespaces.withLock { $0 }
      if !named.isEmpty { try Permission.check(caller, rule, reach: .namespaces(named), method: method) }
    } catch {
      guard let refusal = error as? GoogleStatus, refusal.code != .unavailable else { return }
      state.end(with: refusal)
      cancellation.cancel()
    }
  }
}

/// What those around a call tell each other of it.
final class CallState: ServerContext.TransportSpecific {
  private struct Facts {
    var caller: Caller?
    var refusal: GoogleStatus?
  }

  private let facts = Mutex(Facts())

  init() {}

  /// Who makes it; nil until that is known.
  var caller: Caller? { facts.withLock { $0.caller } }
  /// Why it was ended in its middle; nil: it was not.
  var refusal: GoogleStatus? { facts.withLock { $0.refusal } }

  func know(_ caller: Caller) { facts.withLock { $0.caller = caller } }

  /// The first word counts.
  func end(with refusal: GoogleStatus) {
    facts.withLock { $0.refusal = $0.refusal ?? refusal }
  }
}

extension ServerContext {
  /// What is known of the call; nil outside of ``CallInterceptor``.
  var call: CallState? { transportSpecific as? CallState }
}
