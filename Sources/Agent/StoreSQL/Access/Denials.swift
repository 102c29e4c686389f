import EventModel
import Store

extension Session {
  private static let denialColumns = "d.id, d.certificate, d.identity, d.reason, d.created_at, d.creator"

  private func readDenial(_ columns: Columns) throws -> Denial {
    let subject: Denial.Subject
    if let identity = columns.optionalText(2) {
      subject = .identity(identity)
    } else if let digest = SHA256Digest(hexadecimal: columns.text(1)) {
      subject = .certificate(digest)
    } else {
      throw StoreError(.corrupt, "denial \"\(columns.text(0))\" names nobody")
    }
    return Denial(
      id: columns.text(0), subject: subject, reason: columns.text(3), createdAt: columns.time(4),
      creator: columns.text(5))
  }

  func denial(_ id: String) throws -> Denial {
    let denial = try query("SELECT \(Self.denialColumns) FROM access_denial d WHERE d.id = ?").first(id) {
      try readDenial($0)
    }
    guard let denial else { throw StoreError.missing("denial", id) }
    return denial
  }

  func denials(_ page: PageRequest) throws -> Page<Denial> {
    try Paging.check(page)
    let denials = try query("SELECT \(Self.denialColumns) FROM access_denial d WHERE d.id > ? ORDER BY d.id LIMIT ?")
      .all(page.token, page.size + 1) { try readDenial($0) }
    return Paging.page(denials, page, token: \.id)
  }

  func allDenials() throws -> [Denial] {
    try query("SELECT \(Self.denialColumns) FROM access_denial d ORDER BY d.id LIMIT ?")
      .all(AccessList.maximumOfEach) { try readDenial($0) }
  }

  func create(_ draft: Denial, actor: Actor, now: Timestamp) throws -> ChangeResult {
    try draft.check()
    guard try !query("SELECT 1 FROM access_denial WHERE id = ?").exists(draft.id) else {
      throw StoreError(.alreadyExists, "denial \"\(draft.id)\" exists")
    }
    try requireAccessRoom("access_denial", "denials")
    var certificate: String?
    var identity: String?
    switch draft.subject {
    case .certificate(let digest): certificate = digest.hexadecimal
    case .identity(let name): identity = name
    }
    try query(
      "INSERT INTO access_denial (id, certificate, identity, reason, created_at, creator) VALUES (?, ?, ?, ?, ?, ?)"
    ).run(draft.id, certificate, identity, draft.reason, now, actor.name)
    return ChangeResult(effect: .created, revision: try bump(.accessRevision))
  }

  func deleteDenial(_ id: String) throws -> ChangeResult {
    guard try query("DELETE FROM access_denial WHERE id = ?").run(id) > 0 else {
      throw StoreError.missing("denial", id)
    }
    return ChangeResult(effect: .deleted, revision: try bump(.accessRevision))
  }
}
