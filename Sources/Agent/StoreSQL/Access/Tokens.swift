import EventModel
import Store

extension Session {
  private static let tokenColumns = """
    t.id, t.digest, t.role, t.namespace, t.expires_at, t.description, t.created_at, t.creator, t.revoked_at
    """

  private func readToken(_ columns: Columns) throws -> AccessToken {
    guard let digest = SHA256Digest(hexadecimal: columns.text(1)) else {
      throw StoreError(.corrupt, "token \"\(columns.text(0))\" has no digest")
    }
    return AccessToken(
      id: columns.text(0), digest: digest, role: try Role(stored: columns.int64(2)),
      namespace: columns.optionalText(3), expiresAt: columns.time(4), description: columns.text(5),
      createdAt: columns.time(6), creator: columns.text(7), revokedAt: columns.optionalTime(8))
  }

  func token(_ id: String) throws -> AccessToken {
    let token = try query("SELECT \(Self.tokenColumns) FROM access_token t WHERE t.id = ?").first(id) {
      try readToken($0)
    }
    guard let token else { throw StoreError.missing("token", id) }
    return token
  }

  func tokens(_ page: PageRequest) throws -> Page<AccessToken> {
    try Paging.check(page)
    let tokens = try query("SELECT \(Self.tokenColumns) FROM access_token t WHERE t.id > ? ORDER BY t.id LIMIT ?")
      .all(page.token, page.size + 1) { try readToken($0) }
    return Paging.page(tokens, page, token: \.id)
  }

  /// Those that were not revoked.
  func liveTokens() throws -> [AccessToken] {
    try query(
      "SELECT \(Self.tokenColumns) FROM access_token t WHERE t.revoked_at IS NULL ORDER BY t.id LIMIT ?"
    ).all(AccessList.maximumOfEach) { try readToken($0) }
  }

  func create(_ draft: AccessToken, actor: Actor, now: Timestamp) throws -> ChangeResult {
    try draft.check(now: now)
    guard try !query("SELECT 1 FROM access_token WHERE id = ?").exists(draft.id) else {
      throw StoreError(.alreadyExists, "token \"\(draft.id)\" exists, or did until it was revoked")
    }
    try requireAccessRoom("access_token", "tokens")
    try query(
      """
      INSERT INTO access_token (id, digest, role, namespace, expires_at, description, created_at, creator)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      draft.id, draft.digest.hexadecimal, draft.role.code, draft.namespace, draft.expiresAt, draft.description, now,
      actor.name)
    return ChangeResult(effect: .created, revision: try bump(.accessRevision))
  }

  /// For good; the row stays until upkeep removes it.
  func revokeToken(_ id: String, now: Timestamp) throws -> ChangeResult {
    guard try token(id).revokedAt == nil else {
      return ChangeResult(effect: .unchanged, revision: try counter(.accessRevision))
    }
    try query("UPDATE access_token SET revoked_at = ? WHERE id = ?").run(now, id)
    return ChangeResult(effect: .updated, revision: try bump(.accessRevision))
  }

  /// Removes those whose end is long past.
  func dropTokens(now: Timestamp) throws {
    let bound = now - AccessToken.keptFor
    try query("DELETE FROM access_token WHERE expires_at < ? OR revoked_at < ?").run(bound, bound)
  }
}
