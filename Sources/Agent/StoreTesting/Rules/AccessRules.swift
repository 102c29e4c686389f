import EventModel
import Store

extension Scene {
  fileprivate static func token(_ id: String, expires: TimeSpan = .hours(24)) -> AccessToken {
    AccessToken(
      id: id, digest: digest(id), role: .operator, namespace: "default", expiresAt: start + expires,
      description: "for tests")
  }

  /// A digest of its own for each name.
  fileprivate static func digest(_ name: String) -> SHA256Digest {
    let bytes = Array((name + String(repeating: ".", count: 32)).utf8.prefix(32))
    guard let digest = SHA256Digest(bytes: bytes) else { preconditionFailure("32 bytes are a digest") }
    return digest
  }

  fileprivate func accessRevision(_ lease: AgentLease) async throws -> Int64 {
    try await store.renew(lease, leaseFor: .seconds(10), now: now).accessRevision
  }

  fileprivate func refusal(_ field: String, _ change: Change) async throws {
    try await expectRefusal(.invalid, field: field, "\(change)") { try await self.commit(change) }
  }
}

private let spiffe = "spiffe://example.org/ops"

let accessRules: [ConformanceRule] = [
  ConformanceRule("a token is made once, listed by id, counts until it is revoked, and is revoked for good") { scene in
    for id in ["b", "a"] { try await scene.commit(.createToken(Scene.token(id))) }
    try await expectRefusal(.alreadyExists, "the same id") { try await scene.commit(.createToken(Scene.token("a"))) }
    var wanted = Scene.token("a")
    wanted.createdAt = scene.now
    wanted.creator = "test"
    try expectEqual(try await scene.store.token(id: "a"), wanted, "the token")
    let first = try await scene.store.tokens(page: PageRequest(size: 1))
    try expectEqual(first.items.map(\.id), ["a"], "first page")
    let second = try await scene.store.tokens(page: PageRequest(size: 1, token: first.next))
    try expectEqual(second.items.map(\.id), ["b"], "second page")
    try expectEqual(second.next, "", "third page")
    try expectEqual(try await scene.accessList().tokens.map(\.id), ["a", "b"], "tokens that count")
    let later = scene.now + .seconds(5)
    try expectEqual(try await scene.commit(.revokeToken(id: "a"), at: later)[0].effect, .updated, "revoked")
    try expectEqual(try await scene.commit(.revokeToken(id: "a"))[0].effect, .unchanged, "revoked again")
    try expectEqual(try await scene.store.token(id: "a").revokedAt, later, "when")
    try expectEqual(try await scene.accessList().tokens.map(\.id), ["b"], "tokens that count still")
    try await expectRefusal(.alreadyExists, "the id of a revoked one") {
      try await scene.commit(.createToken(Scene.token("a")))
    }
    for id in ["none", ""] {
      try await expectRefusal(.notFound, "revoking \(id)") { try await scene.commit(.revokeToken(id: id)) }
      try await expectRefusal(.notFound, "token \(id)") { try await scene.store.token(id: id) }
    }
  },
  ConformanceRule("grants and denials are made, read, listed and deleted by id") { scene in
    let certificate = Denial.Subject.certificate(Scene.digest("lost"))
    try await scene.commit(
      .createGrant(Grant(id: "ops", identity: spiffe, role: .admin)),
      .createGrant(Grant(id: "dns", identity: "dns:a.example.org", role: .viewer, namespace: "default")),
      .createDenial(Denial(id: "lost", subject: certificate, reason: "stolen")),
      .createDenial(Denial(id: "left", subject: .identity(spiffe))))
    let list = try await scene.accessList()
    try expectEqual(list.grants.map(\.id), ["dns", "ops"], "grants that count")
    try expectEqual(list.denials.map(\.id), ["left", "lost"], "denials that count")
    try expectEqual(
      try await scene.store.grant(id: "dns"),
      Grant(
        id: "dns", identity: "dns:a.example.org", role: .viewer, namespace: "default", createdAt: scene.now,
        creator: "test"), "a grant")
    try expectEqual(
      try await scene.store.denial(id: "lost"),
      Denial(id: "lost", subject: certificate, reason: "stolen", createdAt: scene.now, creator: "test"), "a denial")
    try expectEqual(try await scene.store.grants(page: PageRequest(size: 1)).items.map(\.id), ["dns"], "a page")
    try expectEqual(
      try await scene.store.denials(page: PageRequest(size: 5, token: "left")).items.map(\.id), ["lost"], "a page")
    for change in [
      Change.createGrant(Grant(id: "ops", identity: spiffe, role: .viewer)),
      .createDenial(Denial(id: "lost", subject: .identity(spiffe))),
    ] {
      try await expectRefusal(.alreadyExists, "\(change)") { try await scene.commit(change) }
    }
    try await scene.commit(.deleteGrant(id: "ops"), .deleteDenial(id: "left"))
    let left = try await scene.accessList()
    try expectEqual(left.grants.map(\.id), ["dns"], "grants left")
    try expectEqual(left.denials.map(\.id), ["lost"], "denials left")
    for change in [Change.deleteGrant(id: "ops"), .deleteDenial(id: "left")] {
      try await expectRefusal(.notFound, "\(change)") { try await scene.commit(change) }
    }
  },
  ConformanceRule("each change of who may do what raises the revision that renewals answer, and nothing else does") {
    scene in
    let lease = try await scene.agent()
    var last = try await scene.accessRevision(lease)
    let changes: [Change] = [
      .createToken(Scene.token("t")), .revokeToken(id: "t"),
      .createGrant(Grant(id: "g", identity: spiffe, role: .viewer)),
      .deleteGrant(id: "g"), .createDenial(Denial(id: "d", subject: .identity(spiffe))), .deleteDenial(id: "d"),
    ]
    for change in changes {
      try await scene.commit(change)
      let next = try await scene.accessRevision(lease)
      try expect(next > last, "expected \(change) to be told")
      try expectEqual(try await scene.accessList().revision, next, "the list's revision")
      let news = try await scene.store.accessList(besides: last)
      try expectEqual(news?.revision, next, "the list for who has the old one")
      try expect(try await scene.store.accessList(besides: next) == nil, "expected nothing new for who has it")
      last = next
    }
    try await scene.commit(.revokeToken(id: "t"))
    try await scene.commit(.createToken(Scene.token("u")), dryRun: true)
    try await scene.commit(.recordCertificate(sha256: "ab", identity: spiffe, expiresAt: scene.now))
    try await scene.commit(.putQueue(Queue.standard[0], .none))
    _ = try await scene.sink("hook")
    try expectEqual(try await scene.accessRevision(lease), last, "the revision after other changes")
  },
  ConformanceRule("drafts that break a rule are refused, and name their field") { scene in
    var token = Scene.token("T")
    try await scene.refusal("token_id", .createToken(token))
    for expiresAt in [scene.now, scene.now + .hours(366 * 24) + .seconds(1)] {
      token = Scene.token("t")
      token.expiresAt = expiresAt
      try await scene.refusal("expire_time", .createToken(token))
    }
    token = Scene.token("t")
    token.description = String(repeating: "x", count: 201)
    try await scene.refusal("description", .createToken(token))
    token = Scene.token("t")
    token.namespace = "A"
    try await scene.refusal("namespace", .createToken(token))
    for identity in [
      "", "ops", "spiffe://", "spiffe://Example.org/a", "spiffe://a//b", "spiffe://a/..", "spiffe://a/b c", "dns:",
      "dns:-a", "dns:a..b", "dns:*.a", "dns:" + String(repeating: "a.", count: 126) + "ab", "unix:0",
    ] {
      try await scene.refusal("identity", .createGrant(Grant(id: "g", identity: identity, role: .viewer)))
      try await scene.refusal("identity", .createDenial(Denial(id: "d", subject: .identity(identity))))
    }
    try await scene.refusal("grant_id", .createGrant(Grant(id: "", identity: spiffe, role: .viewer)))
    try await scene.refusal("denial_id", .createDenial(Denial(id: "_", subject: .identity(spiffe))))
    try await scene.refusal(
      "reason",
      .createDenial(Denial(id: "d", subject: .identity(spiffe), reason: String(repeating: "x", count: 501))))
    let list = try await scene.accessList()
    try expect(list.tokens.isEmpty && list.grants.isEmpty && list.denials.isEmpty, "expected nothing to be kept")
  },
  ConformanceRule("tokens are kept for 90 days after their end, and are gone then") { scene in
    for id in ["expires", "revoked", "lives"] {
      try await scene.commit(.createToken(Scene.token(id, expires: .hours(id == "expires" ? 24 : 366 * 24))))
    }
    try await scene.commit(.revokeToken(id: "revoked"))
    for (days, left) in [(90, ["expires", "lives", "revoked"]), (92, ["lives"])] as [(Int64, [String])] {
      _ = try await scene.store.expire(now: scene.now + .hours(days * 24))
      try expectEqual(
        try await scene.store.tokens(page: PageRequest(size: 10)).items.map(\.id), left, "after \(days) days")
    }
  },
]
