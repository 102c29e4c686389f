import EventModel
import Store

/// One chain as it is reckoned again, record by record. Pure; what it needs to know of the store comes in.
struct ChainCheck: Hashable, Sendable {
  private(set) var chain: AuditChain
  /// The last record that was read, by number and id.
  private(set) var number = Int64.min
  private(set) var id = Int64.min

  init(agent: String) {
    chain = AuditChain(agent: agent, records: 0, lastHash: "")
  }

  /// Holds the next record against the one before it.
  /// - Parameter isErased: whether the record's person was erased; asked only of a record whose words are gone.
  mutating func take(_ record: StoredAudit, isErased: () throws -> Bool) rethrows {
    if chain.brokenAt == nil, let problem = try problem(with: record, isErased: isErased) {
      fail(record.number, problem)
    }
    chain.records += 1
    chain.lastHash = record.hash
    number = record.number
    id = record.id
  }

  private func problem(with record: StoredAudit, isErased: () throws -> Bool) rethrows -> String? {
    let expected = Int64(chain.records) + 1
    if chain.agent.isEmpty || record.number < 1 { return "the record stands in no chain" }
    if record.number < expected { return "there are two records of this number" }
    if record.number > expected {
      return record.number == expected + 1
        ? "the record before it is gone" : "the records from \(expected) on are gone"
    }
    if record.previous != chain.lastHash { return "it does not follow the record before it" }
    if record.ownHash != record.hash { return "the record was changed, or its hash" }
    if record.contentHash != record.content {
      guard record.isEmptied, try isErased() else { return "its reason or its values were changed" }
    }
    return nil
  }

  /// Holds the end of the chain against where it should stand.
  /// - Parameters:
  ///   - place: where the chain's own row says that it stands; nil: it has no row.
  ///   - anchor: what was copied with the last renewal of the agent's lease; nil: nothing.
  ///   - anchored: the hash of the record that the anchor names; nil: there is none.
  mutating func end(place: ChainPlace?, anchor: ChainPlace?, anchored: String?) {
    guard chain.brokenAt == nil else { return }
    let last = max(Int64(chain.records), 0)
    if let anchor, anchor.number > last {
      fail(last + 1, "the chain is cut off: record \(anchor.number) was there when it was anchored")
    } else if let anchor, anchored != anchor.hash {
      fail(anchor.number, "it is another record than when it was anchored")
    } else if let place, place.number > last {
      fail(last + 1, "the chain is cut off: it should end with record \(place.number)")
    } else if place == nil || place?.number != last {
      fail((place?.number ?? 0) + 1, "it was put in behind the chain's end")
    } else if place?.hash != chain.lastHash {
      fail(last, "the chain should end with another hash")
    }
  }

  private mutating func fail(_ number: Int64, _ problem: String) {
    chain.brokenAt = number
    chain.problem = problem
  }
}

extension Session {
  /// The first chain, or the next one by name.
  func nextChain(after agent: String?) throws -> String? {
    var names: [String] = []
    for table in ["audit", "audit_chain", "audit_anchor"] {
      let name: String? =
        if let agent {
          try query("SELECT min(agent) FROM \(table) WHERE agent > ?").only(agent) { $0.optionalText(0) }
        } else {
          try query("SELECT min(agent) FROM \(table)").only { $0.optionalText(0) }
        }
      if let name { names.append(name) }
    }
    return names.min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Reads on in a chain; answers whether that was its end.
  func verify(_ check: inout ChainCheck, limit: Int) throws -> Bool {
    let agent = check.chain.agent
    let records = try query(
      """
      SELECT \(StoredAudit.columns) FROM audit t WHERE t.agent = ? AND (t.number, t.id) > (?, ?)
      ORDER BY t.number, t.id LIMIT ?
      """
    ).all(agent, check.number, check.id, limit, read: StoredAudit.init)
    for record in records {
      try check.take(record) { try record.person.map(wasErased) ?? false }
    }
    guard records.count < limit else { return false }
    let anchor = try place(agent, in: "audit_anchor")
    let anchored = try anchor.flatMap { anchor in
      try query("SELECT hash FROM audit WHERE agent = ? AND number = ?").first(agent, anchor.number) { $0.text(0) }
    }
    check.end(place: try place(agent, in: "audit_chain"), anchor: anchor, anchored: anchored)
    return true
  }

  private func place(_ agent: String, in table: String) throws -> ChainPlace? {
    try query("SELECT number, hash FROM \(table) WHERE agent = ?").first(agent) {
      ChainPlace(agent: agent, number: $0.int64(0), hash: $0.text(1))
    }
  }

  private func wasErased(_ person: Int64) throws -> Bool {
    try query("SELECT 1 FROM audit WHERE person = ? AND action = ? LIMIT 1").exists(person, AuditRecord.erasing)
  }
}
