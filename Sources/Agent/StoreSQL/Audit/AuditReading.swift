import EventModel
import Store

extension Session {
  /// The most records that one page looks at: those that a filter leaves out are passed over.
  private static let recordsPerList = 50_000

  func auditRecords(_ filter: AuditFilter, _ page: PageRequest) throws -> Page<AuditEntry> {
    try Paging.check(page)
    let after = try Paging.numbers(page.token, count: 1)?[0] ?? .max
    let part = try query(
      """
      SELECT count(*), coalesce(min(id), 0) FROM (SELECT id FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?) x
      """
    ).only(after, Self.recordsPerList) { (count: $0.int(0), first: $0.int64(1)) }
    let group = filter.action.flatMap { $0.hasSuffix(".") ? $0 : nil }
    let action = group == nil ? filter.action : nil
    let found = try query(
      """
      SELECT \(StoredAudit.columns) FROM audit t
      WHERE t.id < ?1 AND t.id >= ?2 AND (t.at >= ?3 OR ?3 IS NULL) AND (t.at < ?4 OR ?4 IS NULL)
        AND (t.actor = ?5 OR ?5 IS NULL) AND (t.action = ?6 OR ?6 IS NULL)
        AND (substr(t.action, 1, length(?7)) = ?7 OR ?7 IS NULL) AND (t.resource = ?8 OR ?8 IS NULL)
      ORDER BY t.id DESC LIMIT ?9
      """
    ).all(
      after, part.first, filter.from, filter.before, filter.actor, action, group, filter.resource, page.size + 1,
      read: StoredAudit.init)
    let isEnd = part.count < Self.recordsPerList
    if found.count > page.size || isEnd {
      let shown = Paging.page(found, page) { Paging.token($0.id) }
      return Page(items: shown.items.map(\.entry), next: shown.next)
    }
    return Page(items: found.map(\.entry), next: Paging.token(part.first))
  }
}

extension StoredAudit {
  fileprivate var entry: AuditEntry {
    AuditEntry(
      agent: agent, number: number, at: at, actor: actor, action: action, resource: resource, count: Int(count),
      reason: reason, before: before, after: after, hash: hash, previousHash: previous)
  }
}
