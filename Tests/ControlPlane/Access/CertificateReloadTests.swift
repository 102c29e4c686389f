import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Store
import StoreSQL
import SwiftProtobuf
import Testing
import X509

@testable import ControlPlane

@Suite struct CertificateReloadTests {
  static let admin = "spiffe://tests/admin"

  static func caller(_ client: TLSRig.Client) async throws -> Carillon_V1_Caller {
    try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init())
  }

  /// Clients that trust the new authority alone can only connect to the new certificate.
  @Test func newHandshakesUseNewCertificatesWhileConnectionsStay() async throws {
    try await withTLSRig(admins: [Self.admin]) { rig in
      let identity = try rig.authority.issue(spiffe: "admin")
      let other = try TestAuthority("of servers")
      try await rig.withClient(identity) { open in
        _ = try await Self.caller(open)
        let before = rig.services.gatekeeper.connections.count
        try TLSRig.write(rig.folder, server: try other.issue([.dnsName("localhost")]))
        try rig.server.reloadCertificates()
        // The open connection goes on: a new one of this client would not be trusted.
        for _ in 0..<20 { #expect(try await Self.caller(open).identity == Self.admin) }
        #expect(rig.services.gatekeeper.connections.count == before)
        #expect(
          try await rig.withClient(identity, trusting: other) { try await Self.caller($0).identity } == Self.admin)
      }
      #expect(rig.observer.counts.reloads == [true])
    }
  }

  /// Files are looked at without anybody asking.
  @Test(.timeLimit(.minutes(5))) func changedFilesAreFound() async throws {
    var limits = TLSRig.limits
    limits.certificatePause = .milliseconds(20)
    try await withTLSRig(limits: limits) { rig in
      try TLSRig.write(rig.folder, server: try rig.authority.issue([.dnsName("localhost")]))
      while rig.observer.counts.reloads.last != true { await Task.yield() }
      let left = try #require(rig.observer.counts.left)
      #expect(left == Timestamp(TestIdentity.farAhead) - rig.clock.now)
    }
  }

  @Test(.timeLimit(.minutes(5))) func aNewAuthorityEndsOldConnectionsWhenTheirCallsHaveEnded() async throws {
    try await withTLSRig(admins: [Self.admin]) { rig in
      let (old, new) = (try rig.authority.issue(spiffe: "admin"), try TestAuthority("new"))
      let connections = rig.services.gatekeeper.connections
      try await rig.withClient(old) { client in
        try await Carillon_V1_Events.Client(wrapping: client).watchReceipts(.with { $0.parent = Rig.parent }) { watch in
          var messages = watch.messages.makeAsyncIterator()
          _ = try await messages.next()
          let before = connections.count
          try TLSRig.write(rig.folder, authority: try new.pem)
          try rig.server.reloadCertificates()
          // The call under way goes on.
          let user = User(namespace: "test", id: "x")
          _ = try await rig.store.commit([.putUser(user, .absent)], actor: .agent, dryRun: false, now: rig.clock.now)
          #expect(connections.count == before)
          // Whoever the old authority vouched for is not let in again.
          await #expect(throws: RPCError.self) { try await rig.withClient(old) { try await Self.caller($0) } }
          let caller = try await rig.withClient(try new.issue(spiffe: "admin")) { try await Self.caller($0) }
          #expect(caller.identity == Self.admin)
        }
        // The watch has ended, and with it the connection; this client cannot make another one.
        while connections.count > 0 { await Task.yield() }
        await #expect(throws: RPCError.self) { try await Self.caller(client) }
      }
    }
  }

  /// What is wrong with files, and what is said of it.
  static let faults: [(String, @Sendable (TLSRig) throws -> Void, String)] = [
    ("no PEM", { try Data("x".utf8).write(to: URL(fileURLWithPath: $0.files.certificate)) }, "tls.certificate"),
    ("no key", { try Data("x".utf8).write(to: URL(fileURLWithPath: $0.files.key)) }, "tls.key"),
    ("no authority", { try Data().write(to: URL(fileURLWithPath: $0.files.clientAuthority)) }, "tls.client_authority"),
    ("gone", { try FileManager.default.removeItem(atPath: $0.files.key) }, "tls.key"),
    (
      "another's key",
      {
        try Data(try $0.authority.issue([]).keyPEM.utf8).write(to: URL(fileURLWithPath: $0.files.key))
      }, "do not fit"
    ),
    (
      "expired",
      {
        let expired = try $0.authority.issue([.dnsName("localhost")], until: Date(timeIntervalSince1970: 1_700_000_000))
        try TLSRig.write($0.folder, server: expired)
      }, "ran out"
    ),
    (
      "too large",
      { try Data(count: (1 << 20) + 1).write(to: URL(fileURLWithPath: $0.files.clientAuthority)) }, "larger than"
    ),
  ]

  @Test(arguments: faults.indices) func badFilesChangeNothing(_ index: Int) async throws {
    let (_, damage, told) = Self.faults[index]
    try await withTLSRig(admins: [Self.admin]) { rig in
      let identity = try rig.authority.issue(spiffe: "admin")
      try damage(rig)
      for _ in 0..<2 {
        let error = #expect(throws: ControlPlaneError.self) { try rig.server.reloadCertificates() }
        #expect(
          error?.code == .invalidConfiguration && error?.message.contains(told) == true, "\(String(describing: error))")
      }
      #expect(rig.observer.counts.reloads == [false])
      #expect(rig.services.certificates.facts?.problem != nil)
      #expect(try await rig.withClient(identity) { try await Self.caller($0).identity } == Self.admin)
      // Mended, they count again.
      try TLSRig.write(
        rig.folder, server: try rig.authority.issue([.dnsName("localhost")]), authority: try rig.authority.pem)
      try rig.server.reloadCertificates()
      #expect(rig.services.certificates.facts?.problem == nil)
    }
  }

  @Test func aCertificateNearItsEndIsAFinding() {
    let now = TestClock.start
    let cases: [(TimeSpan, StoreFinding.Severity)] = [
      (.hours(24 * 15), .ok), (.hours(24 * 14), .warning), (.hours(24 * 4), .warning), (.hours(24 * 3), .problem),
      (.hours(-1), .problem),
    ]
    for (left, severity) in cases {
      let finding = CertificateFinding.of(.init(expires: now + left, problem: nil), now: now)
      #expect(finding.severity == severity, "\(left)")
    }
    #expect(CertificateFinding.of(.init(expires: now + .hours(9_999), problem: "bad"), now: now).severity == .problem)
  }
}
