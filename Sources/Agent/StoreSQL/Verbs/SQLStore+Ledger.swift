public import EventModel
public import Store

extension SQLStore {
  /// See ``LeaseStore``.
  public func openAgent(
    name: String, version: String, prefers: ShardPreference, leaseFor: TimeSpan, now: Timestamp
  ) async throws(StoreError) -> AgentLease {
    do { try Names.checkID(name, field: "name") } catch { throw StoreError(error) }
    return try await write(.lease, rows: 1) {
      try $0.openAgent(name: name, version: version, prefers: prefers, leaseFor: leaseFor, now: now)
    }
  }

  /// See ``LeaseStore``.
  public func renew(_ lease: AgentLease, leaseFor: TimeSpan, now: Timestamp) async throws(StoreError) -> Renewal {
    try await write(.lease, rows: 1) { try $0.renew(lease, leaseFor: leaseFor, now: now) }
  }

  /// See ``LeaseStore``.
  public func release(_ lease: AgentLease, now: Timestamp) async throws(StoreError) {
    try await write(.lease, rows: 1) { try $0.release(lease, now: now) }
  }

  /// See ``LeaseStore``.
  public func agents() async throws(StoreError) -> [AgentRecord] {
    try await read(.fresh) { try $0.agents() }
  }

  /// See ``LedgerStore``.
  public func claim(_ request: ClaimRequest, now: Timestamp) async throws(StoreError) -> [ClaimedBucket] {
    try await write(.claim, rows: 16) { try $0.claim(request, now: now) }
  }

  /// See ``LedgerStore``.
  public func owned(by lease: AgentLease, now: Timestamp) async throws(StoreError) -> [ClaimedBucket] {
    try await read(.fresh) { try $0.owned(by: lease, now: now) }
  }

  /// See ``LedgerStore``.
  public func load(_ bucket: BucketID, lease: AgentLease, now: Timestamp) async throws(StoreError) -> [LoadedEvent] {
    try await read(.fresh) { try $0.load(bucket, lease: lease, now: now) }
  }

  /// See ``LedgerStore``.
  public func record(
    _ receipts: [Receipt], lease: AgentLease, now: Timestamp
  ) async throws(StoreError) -> RecordAnswer {
    try await write(.record, rows: receipts.count) { try $0.record(receipts, lease: lease, now: now) }
  }

  /// See ``LedgerStore``.
  public func giveBack(_ buckets: [BucketID], lease: AgentLease, now: Timestamp) async throws(StoreError) {
    try await write(.claim, rows: buckets.count) { try $0.giveBack(buckets, lease: lease, now: now) }
  }

  /// See ``LedgerStore``.
  public func nextClaimable(now: Timestamp) async throws(StoreError) -> Timestamp? {
    try await read(.fresh) { try $0.nextClaimable(now: now) }
  }

  /// See ``LedgerStore``.
  public func routing(revision: Int64?) async throws(StoreError) -> Routing {
    try await read(.fresh) { try $0.routing(revision: revision) }
  }

  /// See ``LedgerStore``.
  public func allSinks() async throws(StoreError) -> [Sink] {
    try await read(.fresh) { try $0.allSinks() }
  }

  /// See ``LedgerStore``.
  public func disableSink(_ sink: SinkNumber, reason: String, now: Timestamp) async throws(StoreError) {
    try await write(.change, rows: 1) { try $0.disableSink(sink, reason: reason, now: now) }
  }

  /// See ``LedgerStore``.
  public func giveUp(_ endpoints: [GoneEndpoint], now: Timestamp) async throws(StoreError) {
    try await write(.change, rows: endpoints.count) { try $0.giveUp(endpoints, now: now) }
  }

  /// See ``LedgerStore``.
  public func goneEndpoints() async throws(StoreError) -> [GoneEndpoint] {
    try await read(.fresh) { try $0.goneEndpoints() }
  }

  /// See ``LedgerStore``.
  public func note(
    _ kind: DomainEvent.Kind, sink: SinkNumber, detail: String, now: Timestamp
  ) async throws(StoreError) {
    try await write(.change, rows: 1) { try $0.note(kind, sink: sink, detail: detail, now: now) }
  }

  /// See ``LedgerStore``.
  public func closeDigests(limit: Int, now: Timestamp) async throws(StoreError) -> Int {
    let count = try await write(.claim, rows: limit) { try $0.closeDigests(limit: limit, now: now) }
    if count > 0 { wakeOthers() }
    return count
  }

  /// See ``LedgerStore``.
  public func digestItems(of digest: ScheduleNumber) async throws(StoreError) -> [LoadedEvent] {
    try await read(.fresh) { try $0.digestItems(digest) }
  }

  /// See ``ResourceStore``.
  public func cancel(
    _ event: EventIdentity, reason: String, actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InterventionResult {
    let result = try await write(.claim, rows: 4) { try $0.cancel(event, reason: reason, actor: actor, now: now) }
    if case .asked = result { wakeOthers() }
    return result
  }

  /// See ``ResourceStore``.
  public func move(
    _ event: EventIdentity, dueAt: Timestamp?, queue: String?, actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InterventionResult {
    let result = try await write(.claim, rows: 4) {
      try $0.move(event, dueAt: dueAt, queue: queue, actor: actor, now: now)
    }
    if case .asked = result { wakeOthers() }
    return result
  }

  /// See ``ResourceStore``.
  public func commandAnswer(_ id: Int64) async throws(StoreError) -> CommandAnswer {
    try await read(.fresh) { try $0.commandAnswer(id) }
  }
}
