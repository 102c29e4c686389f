import ControlAPI
import EventModel
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Store
import StoreSQL
import SwiftProtobuf
import Testing

@testable import ControlPlane

/// What is taken away ends at once, in the middle of a call too.
@Suite struct RevocationTests {
  enum End: String, CaseIterable, Sendable {
    case revokedToken, expiredToken, deniedCertificate, deniedIdentity, deletedGrant, expiredCertificate

    var code: RPCError.Code {
      switch self {
      case .revokedToken, .expiredToken, .expiredCertificate: .unauthenticated
      case .deniedCertificate, .deniedIdentity, .deletedGrant: .permissionDenied
      }
    }
  }

  static let name = "spiffe://tests/watcher"

  /// Two looks, one of which begins after the change, are within the 2 s that a revocation may take.
  @Test func theListIsLookedAtTwiceIn2Seconds() {
    #expect(ControlPlaneLimits().accessPause * 2 < .seconds(2))
  }

  @Test(.timeLimit(.minutes(2)), arguments: End.allCases, [false, true])
  func anOpenStreamEndsWithTheNextLook(_ end: End, isLookedByItself: Bool) async throws {
    var limits = TLSRig.limits
    limits.accessPause = isLookedByItself ? ControlPlaneLimits().accessPause : .seconds(3_600)
    try await withTLSRig(limits: limits) { rig in
      let (identity, metadata) = try await Self.credentials(for: end, rig)
      if !isLookedByItself { await rig.server.refreshAccess() }
      try await refused(end.code) {
        try await rig.withClient(identity) { client in
          try await Carillon_V1_Events.Client(wrapping: client).watchReceipts(
            .with { $0.parent = Rig.parent }, metadata: metadata
          ) { response in
            for try await _ in response.messages {
              try await Self.make(end, identity, rig)
              if !isLookedByItself { await rig.server.refreshAccess() }
            }
          }
        }
      }
      // And it stays so.
      try await refused(end.code) {
        try await rig.withClient(identity) { client in
          try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init(), metadata: metadata)
        }
      }
    }
  }

  static func credentials(for end: End, _ rig: TLSRig) async throws -> (TestIdentity?, Metadata) {
    switch end {
    case .revokedToken, .expiredToken: return (nil, TLSRig.bearer(try await rig.token("watcher", .viewer)))
    default:
      try await rig.grant("watcher", name, .viewer)
      return (try rig.authority.issue(spiffe: "watcher"), [:])
    }
  }

  /// Changes the store alone, as another agent would.
  static func make(_ end: End, _ identity: TestIdentity?, _ rig: TLSRig) async throws {
    let change: Change
    switch end {
    case .revokedToken: change = .revokeToken(id: "watcher")
    case .deletedGrant: change = .deleteGrant(id: "watcher")
    case .deniedIdentity: change = .createDenial(Denial(id: "d", subject: .identity(name)))
    case .deniedCertificate:
      change = .createDenial(Denial(id: "d", subject: .certificate(try #require(try identity?.digest))))
    case .expiredToken: return rig.clock.advance(by: .hours(24))
    case .expiredCertificate:
      return rig.clock.advance(by: Timestamp(TestIdentity.farAhead) - rig.clock.now)
    }
    _ = try await rig.store.commit([change], actor: .agent, dryRun: false, now: rig.clock.now)
  }

  /// Revoked through the API, what follows on this agent goes by it: no need to wait.
  @Test func aTokenIsWorthNothingWhenItsRevocationWasAnswered() async throws {
    var limits = TLSRig.limits
    limits.accessPause = .seconds(3_600)
    try await withTLSRig(limits: limits) { rig in
      try await rig.withPlaintextClient(.unixDomainSocket(path: rig.socket)) { local in
        let access = Carillon_V1_AccessControl.Client(wrapping: local)
        let made = try await access.createToken(
          .with {
            $0.tokenID = "short"
            $0.token.role = .operator
          })
        let metadata = TLSRig.bearer(made.secret)
        try await rig.withClient { client in
          let remote = Carillon_V1_AccessControl.Client(wrapping: client)
          let caller = try await remote.getCaller(.init(), metadata: metadata)
          #expect(caller.identity == "token:short" && caller.role == .operator)
          _ = try await access.revokeToken(.with { $0.name = "tokens/short" })
          try await refused(.unauthenticated) { try await remote.getCaller(.init(), metadata: metadata) }
        }
      }
    }
  }

  /// An import under way ends too, and what it has committed stays.
  @Test(.timeLimit(.minutes(5))) func anOpenImportEnds() async throws {
    try await withTLSRig { rig in
      let metadata = TLSRig.bearer(try await rig.token("importer", .operator))
      let error = await #expect(throws: RPCError.self) {
        try await rig.withClient { client in
          try await Carillon_V1_Users.Client(wrapping: client).importUsers(metadata: metadata) { writer in
            try await writer.write(
              .with {
                $0.parent = Rig.parent
                $0.items = [.with { $0.user = Sample.user("ada") }]
              })
            try await Task.sleep(for: .seconds(3_600))
          } onResponse: { response in
            for try await _ in response.messages {
              _ = try await rig.store.commit(
                [.revokeToken(id: "importer")], actor: .agent, dryRun: false, now: rig.clock.now)
            }
          }
        }
      }
      #expect(error?.code == .unauthenticated)
      #expect(try await rig.store.user(namespace: "test", id: "ada").id == "ada")
    }
  }

  /// The last list counts while the store does not answer, but nothing outlives its time.
  @Test func callsThatEndAreForgotten() async throws {
    try await withTLSRig { rig in
      let metadata = TLSRig.bearer(try await rig.token("t", .viewer))
      try await rig.withClient { client in
        for _ in 0..<50 {
          _ = try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init(), metadata: metadata)
        }
      }
      while rig.services.gatekeeper.directory.openCalls > 0 || rig.services.gatekeeper.connections.count > 0 {
        await Task.yield()
      }
    }
  }
}
