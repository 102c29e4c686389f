import EventModel
import Store

extension Session {
  private static let grantColumns = "g.id, g.identity, g.role, g.namespace, g.created_at, g.creator"

  private func readGrant(_ columns: Columns) throws -> Grant {
    Grant(
      id: columns.text(0), identity: columns.text(1), role: try Role(stored: columns.int64(2)),
      namespace: columns.optionalText(3), createdAt: columns.time(4), creator: columns.text(5))
  }

  func grant(_ id: String) throws -> Grant {
    let grant = try query("SELECT \(Self.grantColumns) FROM access_grant g WHERE g.id = ?").first(id) {
      try readGrant($0)
    }
    guard let grant else { throw StoreError.missing("grant", id) }
    return grant
  }

  func grants(_ page: PageRequest) throws -> Page<Grant> {
    try Paging.check(page)
    let grants = try query("SELECT \(Self.grantColumns) FROM access_grant g WHERE g.id > ? ORDER BY g.id LIMIT ?")
      .all(page.token, page.size + 1) { try readGrant($0) }
    return Paging.page(grants, page, token: \.id)
  }

  func allGrants() throws -> [Grant] {
    try query("SELECT \(Self.grantColumns) FROM access_grant g ORDER BY g.id LIMIT ?").all(AccessList.maximumOfEach) {
      try readGrant($0)
    }
  }

  func create(_ draft: Grant, actor: Actor, now: Timestamp) throws -> ChangeResult {
    try draft.check()
    guard try !query("SELECT 1 FROM access_grant WHERE id = ?").exists(draft.id) else {
      throw StoreError(.alreadyExists, "grant \"\(draft.id)\" exists")
    }
    try requireAccessRoom("access_grant", "grants")
    try query("INSERT INTO access_grant (id, identity, role, namespace, created_at, creator) VALUES (?, ?, ?, ?, ?, ?)")
      .run(draft.id, draft.identity, draft.role.code, draft.namespace, now, actor.name)
    return ChangeResult(effect: .created, revision: try bump(.accessRevision))
  }

  func deleteGrant(_ id: String) throws -> ChangeResult {
    guard try query("DELETE FROM access_grant WHERE id = ?").run(id) > 0 else { throw StoreError.missing("grant", id) }
    return ChangeResult(effect: .deleted, revision: try bump(.accessRevision))
  }
}
