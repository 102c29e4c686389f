import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Store
import StoreSQL
import SwiftProtobuf
import Synchronization
import Testing
import X509

@testable import ControlPlane

@Suite struct CertificateServiceTests {
  /// Remembers what it was asked, and signs nothing.
  final class Issuer: CertificateIssuer {
    private let state = Mutex<[CertificateOrder]>([])
    private let failure: (any Error)?
    var orders: [CertificateOrder] { state.withLock { $0 } }

    init(failing failure: (any Error)? = nil) { self.failure = failure }

    func issue(_ order: CertificateOrder) async throws -> IssuedCertificate {
      state.withLock { $0.append(order) }
      if let failure { throw failure }
      return IssuedCertificate(
        certificate: "leaf", authority: "root", expiresAt: order.now + order.lifetime, sha256: "ab")
    }
  }

  @Test func whoCallsWithACertificateRenewsItForItsOwnName() async throws {
    let issuer = Issuer()
    try await withTLSRig(issuer: issuer) { rig in
      try await rig.grant("v", "spiffe://tests/v", .viewer, namespace: "test")
      let answer = try await rig.withClient(try rig.authority.issue(spiffe: "v")) { client in
        try await Carillon_V1_AccessControl.Client(wrapping: client).renewCertificate(
          .with { $0.signingRequest = "request" })
      }
      #expect(answer.certificate == "leaf" && answer.authority == "root" && answer.certificateSha256 == "ab")
      #expect(
        issuer.orders == [
          CertificateOrder(
            signingRequest: "request", identity: "spiffe://tests/v", lifetime: .hours(90 * 24), now: rig.clock.now)
        ])
      let kept = try await rig.store.auditRecords(
        filter: AuditFilter(action: "certificate.issue"), page: PageRequest(size: 10))
      let record = try #require(kept.items.first)
      #expect(kept.items.count == 1 && record.resource == "ab" && record.actor == "spiffe://tests/v")
      #expect(record.after.contains("\"identity\":\"spiffe:") && record.after.contains("expire_time"))
    }
  }

  @Test func whoCallsWithATokenHasNothingToRenew() async throws {
    try await withTLSRig(issuer: Issuer()) { rig in
      let metadata = TLSRig.bearer(try await rig.token("t", .admin))
      try await rig.withClient { client in
        let refusal = try await refused(.failedPrecondition) {
          try await Carillon_V1_AccessControl.Client(wrapping: client).renewCertificate(
            .with { $0.signingRequest = "request" }, metadata: metadata)
        }
        #expect(refusal.reason == "NO_CERTIFICATE")
      }
    }
  }

  static func issue(_ rig: TLSRig, _ request: Carillon_V1_IssueCertificateRequest) async throws
    -> Carillon_V1_IssuedCertificate
  {
    try await rig.withPlaintextClient(.unixDomainSocket(path: rig.socket)) { client in
      try await Carillon_V1_AccessControl.Client(wrapping: client).issueCertificate(request)
    }
  }

  @Test func anAgentWithoutTheKeySaysSo() async throws {
    try await withTLSRig { rig in
      let refusal = try await refused(.failedPrecondition) {
        try await Self.issue(
          rig,
          .with {
            $0.identity = "dns:a.example.org"
            $0.signingRequest = "request"
          })
      }
      #expect(refusal.reason == "NO_AUTHORITY_KEY")
    }
  }

  @Test func everyFaultOfAnOrderIsToldBeforeAnythingIsSigned() async throws {
    let issuer = Issuer()
    try await withTLSRig(issuer: issuer) { rig in
      try await refused(.invalidArgument, fields: ["identity"]) {
        try await Self.issue(rig, .with { $0.identity = "anna" })
      }
      try await refused(.invalidArgument, fields: ["signing_request", "lifetime"]) {
        try await Self.issue(
          rig,
          .with {
            $0.identity = "dns:a.example.org"
            $0.signingRequest = String(repeating: "x", count: 16_385)
            $0.lifetime = .with { $0.seconds = 367 * 86_400 }
          })
      }
      #expect(issuer.orders.isEmpty)
    }
  }

  @Test func whatTheAuthoritySaysIsTold() async throws {
    let request = Carillon_V1_IssueCertificateRequest.with {
      $0.identity = "dns:a.example.org"
      $0.signingRequest = "request"
    }
    try await withTLSRig(issuer: Issuer(failing: ModelError(field: "signing_request", "is no PKCS #10"))) { rig in
      try await refused(.invalidArgument, fields: ["signing_request"]) { try await Self.issue(rig, request) }
    }
    try await withTLSRig(issuer: Issuer(failing: CertificateIssuerError("the authority has run out"))) { rig in
      let refusal = try await refused(.failedPrecondition) { try await Self.issue(rig, request) }
      #expect(refusal.reason == "CANNOT_SIGN" && refusal.message == "the authority has run out")
    }
  }

  @Test func everybodyIsToldWhoTheyAre() async throws {
    try await withTLSRig(admins: ["dns:admin.example.org"]) { rig in
      let identity = try rig.authority.issue([.dnsName("Admin.Example.org")])
      let admin = try await rig.withClient(identity) {
        try await Carillon_V1_AccessControl.Client(wrapping: $0).getCaller(.init())
      }
      #expect(admin.identity == "dns:admin.example.org" && admin.role == .admin && admin.namespace.isEmpty)
      #expect(admin.certificateSha256 == (try identity.digest.hexadecimal))
      #expect(admin.expireTime.seconds == Int64(TestIdentity.farAhead.timeIntervalSince1970))
      let token = TLSRig.bearer(try await rig.token("t", .operator, namespace: "test"))
      // Its rights count in the place of the certificate's.
      let both = try await rig.withClient(identity) {
        try await Carillon_V1_AccessControl.Client(wrapping: $0).getCaller(.init(), metadata: token)
      }
      #expect(both.identity == "token:t" && both.role == .operator && both.namespace == "test")
      let local = try await rig.withPlaintextClient(.unixDomainSocket(path: rig.socket)) {
        try await Carillon_V1_AccessControl.Client(wrapping: $0).getCaller(.init())
      }
      #expect(local.identity == "unix:\(geteuid())" && local.role == .admin)
    }
  }
}
