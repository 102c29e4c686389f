public import EventModel
public import Store

extension SQLStore {
  /// See ``ChangeStore``.
  public func changes(
    namespace: String, kinds: Set<DomainEvent.Kind>, after cursor: String, limit: Int
  ) async throws(StoreError) -> Page<DomainEvent> {
    try await read(.mayLag) { try $0.changes(namespace, kinds, after: cursor, limit: limit) }
  }

  /// See ``ChangeStore``.
  public func relays() async throws(StoreError) -> [Relay] {
    try await read(.fresh) { try $0.relays() }
  }

  /// See ``ChangeStore``.
  public func advance(_ relay: Relay, to cursor: String) async throws(StoreError) -> Bool {
    try await write(.change, rows: 1) { try $0.advance(relay, to: cursor) }
  }

  /// See ``ChangeStore``.
  public func zoneDigests() async throws(StoreError) -> [String: UInt64] {
    try await read(.fresh) { try $0.zoneDigests() }
  }

  /// See ``ChangeStore``.
  public func noteZones(_ digests: [String: UInt64], version: String) async throws(StoreError) {
    try await write(.change, rows: digests.count) { try $0.noteZones(digests, version: version) }
  }

  /// See ``ChangeStore``.
  public func schedulesToReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> Page<PlanningItem> {
    try await read(.mayLag) { try $0.schedulesToReplan(namespace, filter, page) }
  }

  /// See ``ChangeStore``. Goes through the schedules in several transactions, so that it holds nobody up; doing it again
  /// does no harm.
  public func markForReplan(
    namespace: String, filter: ReplanFilter, now: Timestamp
  ) async throws(StoreError) -> Int {
    let rows = Session.schedulesPerMark
    var marked = 0
    var start: Int64? = 0
    while let after = start {
      let part = try await write(.plan, rows: rows) {
        try $0.markForReplan(namespace, filter, after: after, limit: rows, now: now)
      }
      marked += part.marked
      start = part.last
    }
    return marked
  }
}
