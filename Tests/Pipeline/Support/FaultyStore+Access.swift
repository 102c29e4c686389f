import EventModel
import Store

/// What the pipeline does not ask: never faulty.
extension FaultyStore {
  func accessList() async throws(StoreError) -> AccessList { try await base.accessList() }
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
