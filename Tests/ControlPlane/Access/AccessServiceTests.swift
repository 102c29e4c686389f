import ControlAPI
import EventModel
import Foundation
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@testable import ControlPlane

@Suite struct AccessServiceTests {
  static func createToken(_ id: String) -> Carillon_V1_CreateTokenRequest {
    .with {
      $0.tokenID = id
      $0.token.role = .operator
      $0.token.namespace = "test"
      $0.token.description_p = "for the importer"
    }
  }

  @Test func aTokensSecretIsShownOnceAndKeptNowhere() async throws {
    try await withRig { rig in
      let made = try await rig.access.createToken(Self.createToken("importer"))
      #expect(made.secret.hasPrefix("cart_importer_") && made.secret.utf8.count == "cart_importer_".utf8.count + 43)
      #expect(made.token.name == "tokens/importer" && made.token.role == .operator && made.token.namespace == "test")
      #expect(made.token.creator == "in-process" && made.token.hasCreateTime && !made.token.hasRevokeTime)
      #expect(made.token.expireTime == Google_Protobuf_Timestamp(rig.clock.now + .hours(90 * 24)))
      let got = try await rig.access.getToken(.with { $0.name = "tokens/importer" })
      #expect(got == made.token)
      let listed = try await rig.access.listTokens(.init())
      #expect(listed.tokens == [got])
      let kept = try await rig.store.token(id: "importer")
      #expect(kept.digest == TokenSecret.digest(of: made.secret))
      let audit = try await rig.audit.listAuditRecords(.with { $0.action = "token." })
      let text = "\(got) \(listed) \(audit)"
      #expect(!audit.records.isEmpty && !text.contains(made.secret) && !text.contains(made.secret.suffix(43)))
    }
  }

  @Test func twoTokensHaveDifferentSecrets() {
    let secrets = Set((0..<1_000).map { _ in TokenSecret.make(id: "x") })
    #expect(secrets.count == 1_000)
    #expect(secrets.allSatisfy { TokenSecret.id(of: $0) == "x" })
  }

  @Test(arguments: [
    "", "cart_", "cart_x", "cart_x_", "cart_x_short", "CART_x_" + String(repeating: "a", count: 43),
    "cart__" + String(repeating: "a", count: 43), "cart_X_" + String(repeating: "a", count: 43),
  ])
  func whatIsNoTokenIsNone(_ text: String) { #expect(TokenSecret.id(of: text) == nil) }

  @Test func everyFaultOfATokenIsToldAtOnce() async throws {
    try await withRig { rig in
      try await refused(
        .invalidArgument,
        fields: ["token_id", "token.role", "token.namespace", "token.expire_time", "token.description"]
      ) {
        try await rig.access.createToken(
          .with {
            $0.tokenID = "No Id"
            $0.token.namespace = "No Namespace"
            $0.token.description_p = String(repeating: "x", count: 201)
            $0.token.expireTime = Google_Protobuf_Timestamp(rig.clock.now + .hours(367 * 24))
          })
      }
      #expect(try await rig.access.listTokens(.init()).tokens.isEmpty)
    }
  }

  @Test func aTrialChangesNothingAndShowsNoSecret() async throws {
    try await withRig { rig in
      var request = Self.createToken("trial")
      request.validateOnly = true
      let answer = try await rig.access.createToken(request)
      #expect(answer.secret.isEmpty && answer.token.name == "tokens/trial")
      #expect(try await rig.access.listTokens(.init()).tokens.isEmpty)
      _ = try await rig.access.createToken(Self.createToken("trial"))
      try await refused(.alreadyExists) { try await rig.access.createToken(request) }
    }
  }

  @Test func theSameCallAgainIsToldThatItsSecretWasGiven() async throws {
    try await withRig { rig in
      var request = Self.createToken("once")
      request.requestID = "r-1"
      let first = try await rig.access.createToken(request)
      let refusal = try await refused(.alreadyExists) { try await rig.access.createToken(request) }
      #expect(refusal.reason == "SECRET_GIVEN_BEFORE")
      #expect(try await rig.store.token(id: "once").digest == TokenSecret.digest(of: first.secret))
      request.token.role = .admin
      try await refused(.invalidArgument, fields: ["request_id"]) { try await rig.access.createToken(request) }
    }
  }

  @Test func aRevokedTokenIsListedWithItsTime() async throws {
    try await withRig { rig in
      _ = try await rig.access.createToken(Self.createToken("gone"))
      let revoked = try await rig.access.revokeToken(.with { $0.name = "tokens/gone" })
      #expect(revoked.hasRevokeTime)
      let again = try await rig.access.revokeToken(.with { $0.name = "tokens/gone" })
      #expect(again == revoked)
      #expect(try await rig.access.listTokens(.init()).tokens == [revoked])
      try await refused(.notFound) { try await rig.access.revokeToken(.with { $0.name = "tokens/never" }) }
    }
  }

  @Test func grantsAreMadeListedAndTakenBack() async throws {
    try await withRig { rig in
      let grants = try await Self.makeGrants(rig, count: 3)
      var listed: [Carillon_V1_Grant] = []
      var token = ""
      repeat {
        let page = try await rig.access.listGrants(
          .with {
            $0.pageSize = 2
            $0.pageToken = token
          })
        listed += page.grants
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(listed == grants)
      #expect(try await rig.access.getGrant(.with { $0.name = "grants/g1" }) == grants[1])
      _ = try await rig.access.deleteGrant(.with { $0.name = "grants/g1" })
      try await refused(.notFound) { try await rig.access.getGrant(.with { $0.name = "grants/g1" }) }
      try await refused(.notFound) { try await rig.access.deleteGrant(.with { $0.name = "grants/g1" }) }
      try await refused(.invalidArgument, fields: ["grant_id", "grant.role", "grant.identity"]) {
        try await rig.access.createGrant(.with { $0.grant.identity = "anna" })
      }
    }
  }

  static func makeGrants(_ rig: Rig, count: Int) async throws -> [Carillon_V1_Grant] {
    var grants: [Carillon_V1_Grant] = []
    for index in 0..<count {
      grants.append(
        try await rig.access.createGrant(
          .with {
            $0.grantID = "g\(index)"
            $0.grant.identity = "spiffe://tests/\(index)"
            $0.grant.role = .viewer
          }))
    }
    return grants
  }

  @Test func denialsAreOfACertificateOrAnIdentity() async throws {
    try await withRig { rig in
      let digest = String(repeating: "ab", count: 32)
      let first = try await rig.access.createDenial(
        .with {
          $0.denialID = "lost"
          $0.denial.certificateSha256 = digest.uppercased()
          $0.denial.reason = "the laptop was lost"
        })
      #expect(first.certificateSha256 == digest && first.reason == "the laptop was lost")
      let second = try await rig.access.createDenial(.with { $0.denial.identity = "dns:old.example.org" })
      #expect(second.name.hasPrefix("denials/d-") && second.identity == "dns:old.example.org")
      #expect(Set(try await rig.access.listDenials(.init()).denials.map(\.name)) == [first.name, second.name])
      _ = try await rig.access.deleteDenial(.with { $0.name = first.name })
      #expect(try await rig.access.listDenials(.init()).denials == [second])
      try await refused(.invalidArgument, fields: ["denial"]) { try await rig.access.createDenial(.init()) }
      try await refused(.invalidArgument, fields: ["denial.certificate_sha256"]) {
        try await rig.access.createDenial(.with { $0.denial.certificateSha256 = "abc" })
      }
      try await refused(.invalidArgument, fields: ["denial.identity"]) {
        try await rig.access.createDenial(.with { $0.denial.identity = "token:x" })
      }
    }
  }

  @Test func everyChangeOfAccessIsInTheAudit() async throws {
    try await withRig { rig in
      _ = try await rig.access.createToken(Self.createToken("a"))
      _ = try await rig.access.revokeToken(.with { $0.name = "tokens/a" })
      _ = try await Self.makeGrants(rig, count: 1)
      _ = try await rig.access.deleteGrant(.with { $0.name = "grants/g0" })
      let denial = try await rig.access.createDenial(.with { $0.denial.identity = "dns:x" })
      _ = try await rig.access.deleteDenial(.with { $0.name = denial.name })
      let records = try await rig.audit.listAuditRecords(.init()).records
      #expect(records.count == 6 && records.allSatisfy { $0.actor == "in-process" && !$0.hash.isEmpty })
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.previousHash == $1.hash })
      let chains = try await rig.audit.verifyAudit(.init()).chains
      #expect(chains.reduce(0) { $0 + $1.records } == 6 && chains.allSatisfy { $0.brokenAt.isEmpty })
      #expect(chains.contains { $0.lastHash == records[0].hash })
    }
  }

  @Test func auditRecordsAreFilteredAndPaged() async throws {
    try await withRig { rig in
      for index in 0..<5 {
        _ = try await rig.access.createToken(Self.createToken("t\(index)"))
        rig.clock.advance(by: .seconds(60))
      }
      _ = try await Self.makeGrants(rig, count: 1)
      let start = TestClock.start
      let request = Carillon_V1_ListAuditRecordsRequest.with {
        $0.action = "token."
        $0.from = Google_Protobuf_Timestamp(start + .seconds(60))
        $0.before = Google_Protobuf_Timestamp(start + .seconds(240))
        $0.pageSize = 2
      }
      let first = try await rig.audit.listAuditRecords(request)
      #expect(first.records.map(\.resource) == ["t3", "t2"] && !first.nextPageToken.isEmpty)
      var next = request
      next.pageToken = first.nextPageToken
      #expect(try await rig.audit.listAuditRecords(next).records.map(\.resource) == ["t1"])
      next.action = "grant."
      try await refused(.invalidArgument, fields: ["page_token"]) { try await rig.audit.listAuditRecords(next) }
      try await refused(.invalidArgument, fields: ["before", "actor"]) {
        try await rig.audit.listAuditRecords(
          .with {
            $0.from = Google_Protobuf_Timestamp(start)
            $0.before = Google_Protobuf_Timestamp(start)
            $0.actor = String(repeating: "x", count: 2_049)
          })
      }
    }
  }
}
