import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Store
import SwiftProtobuf
import Testing
import X509

@testable import ControlPlane

/// Every method × every kind of caller, over real sockets; what must happen comes from the protos' declarations alone.
@Suite struct AccessMatrixTests {
  /// What must come of a call.
  enum Verdict: Hashable, Sendable {
    case allowed
    case permissionDenied
    case unauthenticated

    func isMet(by error: RPCError?) -> Bool {
      switch self {
      case .permissionDenied: error?.code == .permissionDenied
      case .unauthenticated: error?.code == .unauthenticated
      case .allowed:
        // The handler got it: what it says of a request that is only names is its own affair.
        ![.permissionDenied, .unauthenticated, .resourceExhausted, .unavailable, .internalError, .unknown]
          .contains(error?.code)
      }
    }
  }

  /// What is declared for a role that holds in `namespace` (nil: in all), called about `about`.
  static func declared(_ method: RawMethod, _ role: Role, in namespace: String?, about: String) throws -> Verdict {
    let access = try #require(MethodAccess.all[method.fullName])
    let needed: Role = access.role == .viewer ? .viewer : access.role == .operator ? .operator : .admin
    guard role >= needed else { return .permissionDenied }
    guard let namespace else { return .allowed }
    switch access.scope {
    case .shared: return .allowed
    case .namespace: return namespace == about ? .allowed : .permissionDenied
    default: return .permissionDenied
    }
  }

  @Test func theDescriptorsAndTheDeclarationsNameTheSameMethods() {
    #expect(Set(RawMethod.all.map(\.fullName)) == Set(MethodAccess.all.keys.filter { $0.hasPrefix("carillon.v1.") }))
    #expect(RawMethod.all.count > 90)
  }

  /// Every call answers, a stream with its first message; on a busy machine that takes its time.
  static let bound = Duration.seconds(60)

  /// Runs every method and tells the rows that came out otherwise.
  static func failures(
    _ rig: TLSRig, _ identity: TestIdentity?, _ metadata: Metadata, about: String = "test",
    _ expected: @Sendable (RawMethod) throws -> Verdict
  ) async throws -> [String] {
    try await rig.withClient(identity) { client in
      var wrong: [String] = []
      for method in RawMethod.all {
        let error = try await client.code(
          method, method.request(namespace: about), metadata: metadata, timeout: Self.bound)
        let verdict = try expected(method)
        if !verdict.isMet(by: error) {
          wrong.append("\(method.fullName): \(verdict), not \(error.map { "\($0.code): \($0.message)" } ?? "OK")")
        }
      }
      return wrong
    }
  }

  enum Credential: String, CaseIterable { case certificate, token }
  static let roles: [(Role, String?)] = Role.allCases.flatMap { [($0, nil), ($0, "test")] }

  @Test(arguments: roles, Credential.allCases)
  func aRoleReachesWhatIsDeclared(_ right: (Role, String?), _ credential: Credential) async throws {
    let (role, namespace) = right
    try await withTLSRig { rig in
      var identity: TestIdentity?
      var metadata: Metadata = [:]
      switch credential {
      case .certificate:
        identity = try rig.authority.issue(spiffe: "somebody")
        try await rig.grant("somebody", "spiffe://tests/somebody", role, namespace: namespace)
      case .token: metadata = TLSRig.bearer(try await rig.token("somebody", role, namespace: namespace))
      }
      for about in ["test", "other"] {
        let wrong = try await Self.failures(rig, identity, metadata, about: about) {
          try Self.declared($0, role, in: namespace, about: about)
        }
        #expect(wrong.isEmpty, "\(role) of \(namespace ?? "all") about \(about): \(wrong.joined(separator: "\n"))")
      }
    }
  }

  /// Callers that nothing may come through for.
  enum Stranger: String, CaseIterable, Sendable {
    case nobody, withoutGrant, twoNames, bothKinds, noName, commonNameOnly, noSPIFFE, wildcard
    case deniedCertificate, deniedIdentity, deniedInCapitals, deniedWithToken, nobodyWithToken
    case revokedToken, expiredToken, unknownToken, wrongSecret, malformedToken, basic, twoTokens

    var verdict: Verdict {
      switch self {
      case .withoutGrant, .deniedCertificate, .deniedIdentity, .deniedInCapitals, .deniedWithToken: .permissionDenied
      default: .unauthenticated
      }
    }
  }

  @Test(arguments: Stranger.allCases) func aStrangerReachesNothing(_ stranger: Stranger) async throws {
    try await withTLSRig { rig in
      let (identity, metadata) = try await Self.credentials(of: stranger, rig)
      let wrong = try await Self.failures(rig, identity, metadata) { _ in stranger.verdict }
      #expect(wrong.isEmpty, "\(stranger): \(wrong.joined(separator: "\n"))")
    }
  }

  static func credentials(of stranger: Stranger, _ rig: TLSRig) async throws -> (TestIdentity?, Metadata) {
    let (ca, admin) = (rig.authority, "spiffe://tests/admin")
    try await rig.grant("admin", admin, .admin)
    let uri = GeneralName.uniformResourceIdentifier(admin)
    switch stranger {
    case .nobody: return (nil, [:])
    case .withoutGrant: return (try ca.issue(spiffe: "unknown"), [:])
    case .twoNames: return (try ca.issue([uri, .uniformResourceIdentifier("spiffe://tests/other")]), [:])
    case .bothKinds: return (try ca.issue([uri, .dnsName("admin.example.org")]), [:])
    case .noName: return (try ca.issue([]), [:])
    case .commonNameOnly: return (try ca.issue([.rfc822Name("a@example.org")], commonName: admin), [:])
    case .noSPIFFE: return (try ca.issue([.uniformResourceIdentifier("https://tests/admin")]), [:])
    case .wildcard: return (try ca.issue([.dnsName("*.example.org")]), [:])
    case .deniedCertificate:
      let identity = try ca.issue([uri])
      try await rig.commit(.createDenial(Denial(id: "d", subject: .certificate(try identity.digest))))
      return (identity, [:])
    case .deniedIdentity:
      try await rig.commit(.createDenial(Denial(id: "d", subject: .identity(admin))))
      return (try ca.issue([uri]), [:])
    case .deniedInCapitals:
      try await rig.grant("dns", "dns:admin.example.org", .admin)
      try await rig.commit(.createDenial(Denial(id: "d", subject: .identity("dns:admin.example.org"))))
      return (try ca.issue([.dnsName("ADMIN.example.org")]), [:])
    case .deniedWithToken:
      try await rig.commit(.createDenial(Denial(id: "d", subject: .identity(admin))))
      return (try ca.issue([uri]), TLSRig.bearer(try await rig.token("t", .admin)))
    case .nobodyWithToken: return (try ca.issue([]), TLSRig.bearer(try await rig.token("t", .admin)))
    case .revokedToken:
      let token = try await rig.token("t", .admin)
      try await rig.commit(.revokeToken(id: "t"))
      return (nil, TLSRig.bearer(token))
    case .expiredToken:
      let token = try await rig.token("t", .admin, lifetime: .hours(1))
      rig.clock.advance(by: .hours(1))
      return (nil, TLSRig.bearer(token))
    case .unknownToken: return (nil, TLSRig.bearer(TokenSecret.make(id: "unknown")))
    case .wrongSecret:
      _ = try await rig.token("t", .admin)
      return (nil, TLSRig.bearer(TokenSecret.make(id: "t")))
    case .malformedToken: return (try ca.issue([uri]), TLSRig.bearer("cart_x"))
    case .basic: return (try ca.issue([uri]), ["authorization": "Basic YWRtaW46YWRtaW4="])
    case .twoTokens:
      let token = try await rig.token("t", .admin)
      var metadata = TLSRig.bearer(token)
      metadata.addString("Bearer \(token)", forKey: "authorization")
      return (nil, metadata)
    }
  }

  /// The handshake ends these: no call of theirs arrives.
  @Test(arguments: ["expired", "not yet valid", "another authority's"])
  func aCertificateThatDoesNotHoldEndsTheHandshake(_ what: String) async throws {
    try await withTLSRig(admins: ["spiffe://tests/admin"]) { rig in
      let name = [GeneralName.uniformResourceIdentifier("spiffe://tests/admin")]
      let identity =
        switch what {
        case "expired": try rig.authority.issue(name, until: Date(timeIntervalSinceNow: -60))
        case "not yet valid": try rig.authority.issue(name, from: Date(timeIntervalSinceNow: 3_600))
        default: try TestAuthority("others").issue(name)
        }
      try await rig.withClient(identity) { client in
        for method in RawMethod.all {
          let error = try await client.code(method, [], timeout: .seconds(10))
          #expect(error?.code == .unavailable, "\(method.fullName): \(error.map(String.init(describing:)) ?? "OK")")
        }
      }
      #expect(rig.observer.counts.calls.isEmpty)
      // The very same name with a certificate that holds.
      let good = try await rig.withClient(try rig.authority.issue(name)) { client in
        try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init())
      }
      #expect(good.role == .admin && good.namespace.isEmpty)
    }
  }

  @Test func theSocketsUserAndLoopbackReachEverything() async throws {
    try await withTLSRig { rig in
      let targets: [any ResolvableTarget] = [
        .unixDomainSocket(path: rig.socket), .ipv4(address: "127.0.0.1", port: rig.loopbackPort),
      ]
      for target in targets {
        try await rig.withPlaintextClient(target) { client in
          for method in RawMethod.all {
            let error = try await client.code(method, method.request(namespace: "test"), timeout: Self.bound)
            #expect(Verdict.allowed.isMet(by: error), "\(method.fullName): \(String(describing: error))")
          }
        }
      }
    }
  }

  /// A name in another namespace anywhere in a request that the service goes by refuses it all.
  @Test func aRequestWithOneNameElsewhereIsRefused() async throws {
    try await withTLSRig { rig in
      let token = TLSRig.bearer(try await rig.token("t", .admin, namespace: "test"))
      let methods = RawMethod.all.filter { MethodAccess.all[$0.fullName]?.scope == .namespace }
      #expect(methods.allSatisfy { !$0.names.isEmpty } && methods.count > 50)
      try await rig.withClient { client in
        for method in methods {
          for odd in method.names.indices {
            let namespaces = method.names.indices.map { $0 == odd ? "other" : "test" }
            let error = try await client.code(method, method.request(namespaces: namespaces), metadata: token)
            #expect(error?.code == .permissionDenied, "\(method.fullName), name \(odd)")
          }
          let error = try await client.code(method, [], metadata: token)
          #expect(error?.code == .permissionDenied, "\(method.fullName) without a name")
        }
      }
    }
  }

  @Test(arguments: ["namespaces/test2", "namespaces/", "namespace/test", "namespaces/TEST", "test", "/namespaces/test"])
  func namesThatOnlyLookLikeTheCallersOwnAreRefused(_ parent: String) async throws {
    try await withTLSRig { rig in
      let token = TLSRig.bearer(try await rig.token("t", .admin, namespace: "test"))
      try await rig.withClient { client in
        _ = try await refused(.permissionDenied) {
          try await Carillon_V1_Users.Client(wrapping: client).listUsers(.with { $0.parent = parent }, metadata: token)
        }
      }
    }
  }

  @Test func onlyWhoIsKnownLearnsThatThereIsNoSuchMethod() async throws {
    try await withTLSRig { rig in
      let token = TLSRig.bearer(try await rig.token("t", .viewer))
      let method = MethodDescriptor(fullyQualifiedService: "carillon.v1.Users", method: "Sing")
      try await rig.withClient { client in
        for (metadata, code) in [(Metadata(), RPCError.Code.unauthenticated), (token, .unimplemented)] {
          let error = await #expect(throws: RPCError.self) {
            _ = try await client.unary(
              request: ClientRequest(message: [UInt8](), metadata: metadata), descriptor: method,
              serializer: HostileTests.Raw(), deserializer: HostileTests.Raw(), options: .defaults
            ) { try $0.message }
          }
          #expect(error?.code == code)
        }
      }
    }
  }

  @Test func healthIsForEverybodyAndReflectionForTheKnown() async throws {
    try await withTLSRig { rig in
      let token = TLSRig.bearer(try await rig.token("t", .viewer, namespace: "test"))
      try await rig.withClient { client in
        let health = Grpc_Health_V1_Health.Client(wrapping: client)
        #expect(try await health.check(.init()).status != .unknown)
        for service in ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"] {
          let method = MethodDescriptor(fullyQualifiedService: service, method: "ServerReflectionInfo")
          for (metadata, isAllowed) in [(Metadata(), false), (token, true)] {
            let error = try await Self.reflect(client, method, metadata)
            #expect(isAllowed ? error == nil : error?.code == .unauthenticated, "\(service)")
          }
        }
      }
    }
  }

  /// Asks for the list of services.
  private static func reflect(
    _ client: TLSRig.Client, _ method: MethodDescriptor, _ metadata: Metadata
  ) async throws -> RPCError? {
    do {
      return try await client.bidirectionalStreaming(
        request: StreamingClientRequest(metadata: metadata) { try await $0.write([0x3a, 0x00]) }, descriptor: method,
        serializer: HostileTests.Raw(), deserializer: HostileTests.Raw(), options: .defaults
      ) { response in
        for try await _ in response.messages { return nil }
        return nil
      }
    } catch let error as RPCError {
      return error
    }
  }

  @Test func aClientCannotSayWhichConnectionItIs() async throws {
    try await withTLSRig { rig in
      // The socket's connection is somebody's who may do everything.
      try await rig.withPlaintextClient(.unixDomainSocket(path: rig.socket)) { local in
        _ = try await Carillon_V1_AccessControl.Client(wrapping: local).getCaller(.init())
        try await rig.withClient { client in
          for id in 0..<20 {
            try await refused(.unauthenticated) {
              try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(
                .init(), metadata: ["carillon-connection": "\(id)"])
            }
          }
        }
      }
    }
  }
}
