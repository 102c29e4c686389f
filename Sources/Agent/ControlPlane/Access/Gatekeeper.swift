import EventModel
import GRPCCore
import GRPCProtobuf
import Logging

/// Tells who calls, and keeps callers within their limits.
final class Gatekeeper: Sendable {
  let directory: AccessDirectory
  let connections = ConnectionTable()
  private let requests: RateLimiter
  private let failures: RateLimiter
  private let waiting: Gate
  private let limits: ControlPlaneLimits
  private let now: @Sendable () -> Timestamp
  private let clock: any Clock<Duration>
  private let observer: any ControlPlaneObserver

  init(
    directory: AccessDirectory, limits: ControlPlaneLimits, now: @escaping @Sendable () -> Timestamp,
    clock: any Clock<Duration>, uptime: @escaping @Sendable () -> Duration = Uptime.now,
    observer: any ControlPlaneObserver
  ) {
    self.directory = directory
    self.limits = limits
    self.now = now
    self.clock = clock
    self.observer = observer
    requests = RateLimiter(limits.requests, maximumClients: limits.maximumLimitedClients, uptime: uptime)
    failures = RateLimiter(limits.failedCredentials, maximumClients: limits.maximumLimitedClients, uptime: uptime)
    waiting = Gate(limit: limits.maximumSlowedCalls)
  }

  /// What a call over a listener came with.
  /// - Throws: UNAUTHENTICATED when its connection is not known, or its credentials cannot be read.
  func credentials(_ metadata: Metadata) throws -> Credentials {
    try Credentials(metadata, connection: try facts(metadata))
  }

  /// What is known of the connection of a call over a listener.
  func facts(_ metadata: Metadata) throws -> ConnectionFacts {
    guard let mark = metadata[stringValues: StreamMark.name].first(where: { _ in true }), let id = UInt64(mark),
      let facts = connections.facts(id)
    else { throw Refusal.unauthenticated("nothing is known of this connection") }
    return facts
  }

  /// Who these credentials are by the list that counts now. The token's rights count where there is a certificate too, as
  /// it was sent on purpose; but a certificate that is denied, or nobody's, spoils the call.
  /// - Throws: UNAUTHENTICATED, PERMISSION_DENIED for who is denied, UNAVAILABLE when no list was read yet.
  func caller(_ credentials: Credentials) throws -> Caller {
    let everything = [Right(role: .admin, namespace: nil)]
    guard let connection = credentials.connection else { return Caller(identity: "in-process", rights: everything) }
    var certificate: PeerCertificate?
    if credentials.token == nil {
      switch connection.way {
      case .unix(let user): return Caller(identity: "unix:\(user)", rights: everything)
      case .loopback: return Caller(identity: "loopback", rights: everything)
      case .tls(nil): throw Refusal.unauthenticated("a client certificate or a bearer token is needed")
      case .tls: break
      }
    }
    if case .tls(let shown) = connection.way { certificate = shown }
    guard let index = directory.index else { throw Refusal.notReady }
    let time = now()
    let identity = try certificate.map { try index.identity(of: $0, now: time) }
    let expiry = certificate?.expires
    if let presented = credentials.token {
      let token = try index.token(presented, now: time)
      return Caller(
        identity: "token:\(token.id)", rights: [Right(role: token.role, namespace: token.namespace)],
        expires: min(token.expiresAt, expiry ?? token.expiresAt), certificate: certificate)
    }
    guard let identity else { throw Refusal.unauthenticated("a client certificate or a bearer token is needed") }
    return Caller(identity: identity, rights: index.rights(of: identity), expires: expiry, certificate: certificate)
  }

  /// Lets a call of a known caller in, within its limits.
  /// - Throws: UNAUTHENTICATED, PERMISSION_DENIED for who is denied, RESOURCE_EXHAUSTED, UNAVAILABLE.
  func admit(_ credentials: Credentials) async throws -> Caller {
    try limitAddress(credentials.connection)
    do {
      let caller = try caller(credentials)
      try limitCaller(caller, credentials)
      return caller
    } catch let refusal as GoogleStatus where refusal.code == .unauthenticated {
      try await slowDown(credentials.connection)
      throw refusal
    }
  }

  /// Counts a call against its address: of TLS alone, as everybody on this machine has one address.
  func limitAddress(_ connection: ConnectionFacts?) throws {
    guard let connection, case .tls = connection.way else { return }
    if let wait = requests.take("address " + connection.address) {
      observer.callLimited(by: "address")
      throw Refusal.limited("this address", retryAfter: wait)
    }
  }

  /// The socket's users and plaintext's callers are the machine's own and not limited, unless they come with a token.
  private func limitCaller(_ caller: Caller, _ credentials: Credentials) throws {
    guard let connection = credentials.connection else { return }
    if credentials.token == nil {
      guard case .tls = connection.way else { return }
    }
    if let wait = requests.take(caller.identity) {
      observer.callLimited(by: "caller")
      throw Refusal.limited(caller.identity, retryAfter: wait)
    }
  }

  /// Makes who sends bad credentials wait: the more slowly they are answered, the fewer are tried. Who is known is not
  /// held up by others at its address.
  /// - Throws: RESOURCE_EXHAUSTED when there were too many.
  func slowDown(_ connection: ConnectionFacts?) async throws {
    observer.callRefused()
    guard let connection, !connection.address.isEmpty else { return }
    if let wait = failures.take("address " + connection.address) {
      observer.callLimited(by: "failures")
      throw Refusal.limited("this address with bad credentials", retryAfter: wait)
    }
    guard waiting.enter() else { return }
    defer { waiting.leave() }
    try await clock.sleep(for: limits.failureDelay)
  }

  /// What is told to who calls a method that nobody serves: that, if it is somebody, and else that it is nobody.
  func refusalOfUnknownMethod(_ metadata: Metadata) async -> RPCError {
    do {
      _ = try await admit(try credentials(metadata))
      return RPCError(code: .unimplemented, message: "there is no such method")
    } catch let status as GoogleStatus {
      return RPCError(code: status.code, message: status.message, metadata: status.rpcErrorMetadata)
    } catch {
      return RPCError(code: .cancelled, message: "the call was cut off")
    }
  }
}
