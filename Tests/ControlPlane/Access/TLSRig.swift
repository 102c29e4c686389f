import CivilTime
import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import ServiceLifecycle
import Store
import StoreSQL
import StoreSQLite
import Testing
import X509

@testable import ControlPlane

/// A control plane over a real store, reached over TLS, the Unix socket and loopback.
struct TLSRig: Sendable {
  let folder: String
  let store: SQLiteStore
  let clock: TestClock
  let observer: AccessObserver
  let services: ControlPlaneServices
  let server: ControlPlaneServer
  let authority: TestAuthority
  let port: Int
  let loopbackPort: Int

  var socket: String { folder + "/agent.sock" }
  var files: TLSFiles { Self.files(folder) }

  static func files(_ folder: String) -> TLSFiles {
    TLSFiles(
      certificate: folder + "/server.pem", key: folder + "/server.key", clientAuthority: folder + "/authority.pem")
  }

  /// Puts files in place whole, as those who rotate certificates do.
  static func write(_ folder: String, server: TestIdentity? = nil, authority: String? = nil) throws {
    let files = files(folder)
    var texts: [(String, String)] = []
    if let server { texts += [(files.certificate, try server.certificatePEM), (files.key, try server.keyPEM)] }
    if let authority { texts.append((files.clientAuthority, authority)) }
    for (path, text) in texts { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) }
  }

  /// Limits in which a test's many calls from one address fit.
  static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.requests = RequestLimit(count: 1_000_000, per: .seconds(1))
    limits.failedCredentials = RequestLimit(count: 1_000_000, per: .seconds(1))
    limits.failureDelay = .zero
    limits.watchPause = .milliseconds(5)
    limits.accessPause = .milliseconds(20)
    return limits
  }

  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  /// A client over TLS, with a certificate or without.
  func withClient<Answer: Sendable>(
    _ identity: TestIdentity? = nil, trusting root: TestAuthority? = nil,
    _ body: @Sendable (Client) async throws -> Answer
  ) async throws -> Answer {
    let roots = TLSConfig.TrustRootsSource.certificates([.bytes(Array(try (root ?? authority).pem.utf8), format: .pem)])
    let security: HTTP2ClientTransport.Posix.TransportSecurity
    if let identity {
      security = .mTLS(
        certificateChain: [.bytes(Array(try identity.certificatePEM.utf8), format: .pem)],
        privateKey: .bytes(Array(try identity.keyPEM.utf8), format: .pem)
      ) {
        $0.trustRoots = roots
        $0.serverCertificateVerification = .noHostnameVerification
      }
    } else {
      security = .tls {
        $0.trustRoots = roots
        $0.serverCertificateVerification = .noHostnameVerification
      }
    }
    let transport = try HTTP2ClientTransport.Posix(
      target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: security)
    return try await withGRPCClient(transport: transport) { try await body($0) }
  }

  /// A client in plaintext.
  func withPlaintextClient<Answer: Sendable>(
    _ target: any ResolvableTarget, _ body: @Sendable (Client) async throws -> Answer
  ) async throws -> Answer {
    try await withGRPCClient(transport: try .http2NIOPosix(target: target, transportSecurity: .plaintext)) {
      try await body($0)
    }
  }

  func commit(_ changes: Change...) async throws {
    _ = try await store.commit(changes, actor: .agent, dryRun: false, now: clock.now)
    await server.refreshAccess()
  }

  /// Makes a token and answers its text.
  func token(
    _ id: String, _ role: Role, namespace: String? = nil, lifetime: TimeSpan = .hours(24)
  ) async throws -> String {
    let secret = TokenSecret.make(id: id)
    let digest = try #require(TokenSecret.digest(of: secret))
    try await commit(
      .createToken(
        AccessToken(id: id, digest: digest, role: role, namespace: namespace, expiresAt: clock.now + lifetime)))
    return secret
  }

  func grant(_ id: String, _ identity: String, _ role: Role, namespace: String? = nil) async throws {
    try await commit(.createGrant(Grant(id: id, identity: identity, role: role, namespace: namespace)))
  }

  static func bearer(_ token: String) -> Metadata { ["authorization": "Bearer \(token)"] }
}

/// Runs `body` against a control plane of its own with all three listeners.
func withTLSRig(
  limits: ControlPlaneLimits = TLSRig.limits, admins: [String] = [], issuer: (any CertificateIssuer)? = nil,
  logger: Logger = quiet, _ body: @escaping @Sendable (TLSRig) async throws -> Void
) async throws {
  try await withFolder { folder in
    let authority = try TestAuthority()
    try TLSRig.write(
      folder, server: try authority.issue([.dnsName("localhost")]), authority: try authority.pem)
    let store = try await SQLiteStore.open(path: folder + "/store.db")
    let clock = TestClock()
    let observer = AccessObserver()
    let services = ControlPlaneServices(
      store: store, plugins: FakePlugins(), pipeline: FakePipeline(store: store, clock: clock),
      zones: SystemZones(try TimeZoneDatabase()), admins: admins, issuer: issuer, now: { clock.now }, limits: limits,
      observer: observer, logger: logger)
    let server = ControlPlaneServer(
      listeners: ControlPlaneListeners(
        socketPath: folder + "/agent.sock", plaintextLoopbackPort: 0,
        tls: .init(address: TLSAddress(host: "127.0.0.1", port: 0), files: TLSRig.files(folder))),
      services: services, limits: limits, logger: logger)
    try server.listen()
    try await SocketTests.serving(server) {
      var ports: [Int] = []
      while ports.count < 2 {
        ports = [try await server.loopbackPort(), await server.tlsPort()].compactMap { $0 }
        await Task.yield()
      }
      try await body(
        TLSRig(
          folder: folder, store: store, clock: clock, observer: observer, services: services, server: server,
          authority: authority, port: ports[1], loopbackPort: ports[0]))
    }
    await store.close()
  }
}
