public import Store

extension SQLStore {
  /// See ``AuditStore``.
  public func auditRecords(filter: AuditFilter, page: PageRequest) async throws(StoreError) -> Page<AuditEntry> {
    try await read(.mayLag) { try $0.auditRecords(filter, page) }
  }

  /// See ``AuditStore``.
  public func verifyAudit() async throws(StoreError) -> [AuditChain] {
    var chains: [AuditChain] = []
    var next = try await read(.fresh) { try $0.nextChain(after: nil) }
    while let agent = next {
      chains.append(try await verify(agent))
      next = try await read(.fresh) { try $0.nextChain(after: agent) }
    }
    return chains
  }

  private func verify(_ agent: String) async throws(StoreError) -> AuditChain {
    var check = ChainCheck(agent: agent)
    var isEnd = false
    while !isEnd {
      guard !Task.isCancelled else { throw StoreError(.unavailable, "the check of the audit was given up") }
      let start = check
      (check, isEnd) = try await read(.fresh) { session in
        var check = start
        let isEnd = try session.verify(&check, limit: recordsPerCheck)
        return (check, isEnd)
      }
    }
    return check.chain
  }
}

/// How many records of the audit are in memory at once while it is checked.
private let recordsPerCheck = 1_000
