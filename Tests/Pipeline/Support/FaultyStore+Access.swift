import EventModel
import Store

/// What the pipeline does not ask: never faulty.
extension FaultyStore {
  func accessList(besides known: Int64?) async throws(StoreError) -> AccessList? {
    try await base.accessList(besides: known)
  }
  func token(id: String) async throws(StoreError) -> AccessToken { try await base.token(id: id) }
  func tokens(page: PageRequest) async throws(StoreError) -> Page<AccessToken> { try await base.tokens(page: page) }
  func grant(id: String) async throws(StoreError) -> Grant { try await base.grant(id: id) }
  func grants(page: PageRequest) async throws(StoreError) -> Page<Grant> { try await base.grants(page: page) }
  func denial(id: String) async throws(StoreError) -> Denial { try await base.denial(id: id) }
  func denials(page: PageRequest) async throws(StoreError) -> Page<Denial> { try await base.denials(page: page) }

  func auditRecords(filter: AuditFilter, page: PageRequest) async throws(StoreError) -> Page<AuditEntry> {
    try await base.auditRecords(filter: filter, page: page)
  }
  func verifyAudit() async throws(StoreError) -> [AuditChain] { try await base.verifyAudit() }
}

extension FaultyStore {
  static var maximumRowsPerStep: Int { 5_000 }

  func create(
    _ change: Change, request: RequestID, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Creation {
    try await base.create(change, request: request, actor: actor, dryRun: dryRun, now: now)
  }
  func moveEvents(
    _ filter: MoveFilter, to queue: String, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep {
    try await base.moveEvents(filter, to: queue, reason: reason, after: cursor, limit: limit, actor: actor, now: now)
  }
  func purge(
    queue: String, dueBefore: Timestamp?, reason: String, after cursor: String, limit: Int, actor: Actor,
    now: Timestamp
  ) async throws(StoreError) -> BulkStep {
    try await base.purge(
      queue: queue, dueBefore: dueBefore, reason: reason, after: cursor, limit: limit, actor: actor, now: now)
  }
  func commandCounts(_ ids: [Int64]) async throws(StoreError) -> CommandCounts { try await base.commandCounts(ids) }
  func statistics(from: Timestamp, before: Timestamp) async throws(StoreError) -> [StatisticsRow] {
    try await base.statistics(from: from, before: before)
  }
}
