import EventModel
import Store
import Synchronization

/// A store that fails on command, before it does anything.
final class FaultyStore: Store {
  enum Verb: Hashable, CaseIterable {
    case open, record, load, claim, owned, plan, renew, giveBack, submit, settings, advance
  }

  private struct Faults {
    var codes: [Verb: StoreError.Code] = [:]
    var lost: Set<Verb> = []
    var outage: StoreError.Code?
  }

  let base: any Store
  private let faults = Mutex(Faults())

  init(_ base: any Store) { self.base = base }

  /// Fails every call of a verb from now on; nil ends it.
  func fail(_ verb: Verb, with code: StoreError.Code?) { faults.withLock { $0.codes[verb] = code } }

  /// Fails every call of the pipeline from now on; nil ends it.
  func fail(with code: StoreError.Code?) { faults.withLock { $0.outage = code } }

  /// Does the next call of a verb, and loses its answer.
  func loseAnswer(of verb: Verb) { faults.withLock { _ = $0.lost.insert(verb) } }

  private func check(_ verb: Verb? = nil) throws(StoreError) {
    let code = faults.withLock { faults in faults.outage ?? verb.flatMap { faults.codes[$0] } }
    if let code { throw StoreError(code, "injected") }
  }

  private func answer<Value>(_ verb: Verb, _ value: Value) throws(StoreError) -> Value {
    if faults.withLock({ $0.lost.remove(verb) }) != nil { throw StoreError(.unknown, "the answer was lost") }
    return value
  }

  static var maximumPlansPerTransaction: Int { LedgerLimits.plansPerTransaction }
  static var maximumChangesPerTransaction: Int { 1_000 }

  func clock() async throws(StoreError) -> Timestamp { try await base.clock() }
  func openAgent(
    name: String, version: String, prefers: ShardPreference, leaseFor: TimeSpan, now: Timestamp
  ) async throws(StoreError) -> AgentLease {
    try check(.open)
    let lease = try await base.openAgent(name: name, version: version, prefers: prefers, leaseFor: leaseFor, now: now)
    return try answer(.open, lease)
  }
  func renew(_ lease: AgentLease, leaseFor: TimeSpan, now: Timestamp) async throws(StoreError) -> Renewal {
    try check(.renew)
    return try answer(.renew, try await base.renew(lease, leaseFor: leaseFor, now: now))
  }
  func release(_ lease: AgentLease, now: Timestamp) async throws(StoreError) {
    try check()
    try await base.release(lease, now: now)
  }
  func agents() async throws(StoreError) -> [AgentRecord] { try await base.agents() }

  func schedulesToPlan(
    dueBefore horizon: Timestamp, limit: Int, share: PlanningShare, now: Timestamp
  ) async throws(StoreError) -> [PlanningItem] {
    try check()
    return try await base.schedulesToPlan(dueBefore: horizon, limit: limit, share: share, now: now)
  }
  func commitPlan(_ plans: [SchedulePlan], now: Timestamp) async throws(StoreError) -> PlanAnswer {
    try check(.plan)
    return try answer(.plan, try await base.commitPlan(plans, now: now))
  }
  func markForReplan(timeZones: Set<String>, now: Timestamp) async throws(StoreError) -> Int {
    try await base.markForReplan(timeZones: timeZones, now: now)
  }
  func submit(_ oneOffs: [OneOff], owner: AgentLease?, now: Timestamp) async throws(StoreError) -> SubmissionAnswer {
    try check(.submit)
    return try answer(.submit, try await base.submit(oneOffs, owner: owner, now: now))
  }

  func claim(_ request: ClaimRequest, now: Timestamp) async throws(StoreError) -> [ClaimedBucket] {
    try check(.claim)
    return try answer(.claim, try await base.claim(request, now: now))
  }
  func owned(by lease: AgentLease, now: Timestamp) async throws(StoreError) -> [ClaimedBucket] {
    try check(.owned)
    return try await base.owned(by: lease, now: now)
  }
  func load(_ bucket: BucketID, lease: AgentLease, now: Timestamp) async throws(StoreError) -> [LoadedEvent] {
    try check(.load)
    return try await base.load(bucket, lease: lease, now: now)
  }
  func record(_ receipts: [Receipt], lease: AgentLease, now: Timestamp) async throws(StoreError) -> RecordAnswer {
    try check(.record)
    return try answer(.record, try await base.record(receipts, lease: lease, now: now))
  }
  func giveBack(_ buckets: [BucketID], lease: AgentLease, now: Timestamp) async throws(StoreError) {
    try check(.giveBack)
    try answer(.giveBack, await base.giveBack(buckets, lease: lease, now: now))
  }
  func nextClaimable(now: Timestamp) async throws(StoreError) -> Timestamp? {
    try check()
    return try await base.nextClaimable(now: now)
  }
  func routing(revision: Int64?) async throws(StoreError) -> Routing {
    try check()
    return try await base.routing(revision: revision)
  }
  func allSinks() async throws(StoreError) -> [Sink] {
    try check()
    return try await base.allSinks()
  }
  func disableSink(_ sink: SinkNumber, reason: String, now: Timestamp) async throws(StoreError) {
    try await base.disableSink(sink, reason: reason, now: now)
  }
  func giveUp(_ endpoints: [GoneEndpoint], now: Timestamp) async throws(StoreError) {
    try await base.giveUp(endpoints, now: now)
  }
  func goneEndpoints() async throws(StoreError) -> [GoneEndpoint] { try await base.goneEndpoints() }
  func note(_ kind: DomainEvent.Kind, sink: SinkNumber, detail: String, now: Timestamp) async throws(StoreError) {
    try await base.note(kind, sink: sink, detail: detail, now: now)
  }
  func closeDigests(limit: Int, now: Timestamp) async throws(StoreError) -> Int {
    try await base.closeDigests(limit: limit, now: now)
  }
  func digestItems(of digest: ScheduleNumber) async throws(StoreError) -> [LoadedEvent] {
    try await base.digestItems(of: digest)
  }

  func commit(_ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp) async throws(StoreError)
    -> [ChangeResult]
  {
    try await base.commit(changes, actor: actor, dryRun: dryRun, now: now)
  }
  func commitEach(_ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp) async throws(StoreError)
    -> [Result<ChangeResult, StoreError>]
  { try await base.commitEach(changes, actor: actor, dryRun: dryRun, now: now) }
  func cancel(_ event: EventIdentity, reason: String, actor: Actor, now: Timestamp) async throws(StoreError)
    -> InterventionResult
  { try await base.cancel(event, reason: reason, actor: actor, now: now) }
  func move(_ event: EventIdentity, dueAt: Timestamp?, queue: String?, actor: Actor, now: Timestamp)
    async throws(StoreError) -> InterventionResult
  { try await base.move(event, dueAt: dueAt, queue: queue, actor: actor, now: now) }
  func commandAnswer(_ id: Int64) async throws(StoreError) -> CommandAnswer { try await base.commandAnswer(id) }

  func dropHistory(before history: Timestamp, deadLettersBefore: Timestamp) async throws(StoreError) -> RetentionAnswer
  {
    try await base.dropHistory(before: history, deadLettersBefore: deadLettersBefore)
  }
  func expire(now: Timestamp) async throws(StoreError) -> Int {
    try check()
    return try await base.expire(now: now)
  }

  func diagnose(horizon: TimeSpan, now: Timestamp) async throws(StoreError) -> [StoreFinding] {
    try await base.diagnose(horizon: horizon, now: now)
  }
  func close() async { await base.close() }

  func user(namespace: String, id: String) async throws(StoreError) -> User {
    try await base.user(namespace: namespace, id: id)
  }
  func users(namespace: String, page: PageRequest) async throws(StoreError) -> Page<User> {
    try await base.users(namespace: namespace, page: page)
  }
  func schedule(namespace: String, id: String) async throws(StoreError) -> Schedule {
    try await base.schedule(namespace: namespace, id: id)
  }
  func schedules(namespace: String, filter: ScheduleFilter, page: PageRequest) async throws(StoreError) -> Page<
    Schedule
  > {
    try await base.schedules(namespace: namespace, filter: filter, page: page)
  }
  func sink(namespace: String, name: String) async throws(StoreError) -> Sink {
    try await base.sink(namespace: namespace, name: name)
  }
  func sinks(namespace: String, page: PageRequest) async throws(StoreError) -> Page<Sink> {
    try await base.sinks(namespace: namespace, page: page)
  }
  func goneEndpoints(
    namespace: String, sink: String, page: PageRequest
  ) async throws(StoreError) -> Page<GoneEndpoint> {
    try await base.goneEndpoints(namespace: namespace, sink: sink, page: page)
  }
  func subscription(namespace: String, id: String) async throws(StoreError) -> Subscription {
    try await base.subscription(namespace: namespace, id: id)
  }
  func subscriptions(namespace: String, page: PageRequest) async throws(StoreError) -> Page<Subscription> {
    try await base.subscriptions(namespace: namespace, page: page)
  }
  func queues() async throws(StoreError) -> [Queue] {
    try check()
    return try await base.queues()
  }
  func queueDepths(now: Timestamp) async throws(StoreError) -> [QueueDepth] { try await base.queueDepths(now: now) }
  func shards(now: Timestamp) async throws(StoreError) -> [ShardRecord] { try await base.shards(now: now) }
  func event(namespace: String, identity: EventIdentity) async throws(StoreError) -> EventSummary {
    try await base.event(namespace: namespace, identity: identity)
  }
  func events(namespace: String, filter: EventFilter, page: PageRequest) async throws(StoreError) -> Page<EventSummary>
  {
    try await base.events(namespace: namespace, filter: filter, page: page)
  }
  func history(namespace: String, identity: EventIdentity) async throws(StoreError) -> [EventStep] {
    try await base.history(namespace: namespace, identity: identity)
  }
  func deadLetters(
    namespace: String, filter: DeadLetterFilter, page: PageRequest
  ) async throws(StoreError) -> Page<DeadLetter> {
    try await base.deadLetters(namespace: namespace, filter: filter, page: page)
  }
  func deadLetter(namespace: String, id: Int64) async throws(StoreError) -> DeadLetter {
    try await base.deadLetter(namespace: namespace, id: id)
  }
  func storedMessages(
    namespace: String, user: String, page: PageRequest
  ) async throws(StoreError) -> Page<StoredMessage> {
    try await base.storedMessages(namespace: namespace, user: user, page: page)
  }
  func template(namespace: String, id: String) async throws(StoreError) -> MessageTemplate {
    try await base.template(namespace: namespace, id: id)
  }
  func templates(
    namespace: String, eventType: String?, page: PageRequest
  ) async throws(StoreError) -> Page<MessageTemplate> {
    try await base.templates(namespace: namespace, eventType: eventType, page: page)
  }
  func allTemplates() async throws(StoreError) -> [MessageTemplate] {
    try check(.settings)
    return try await base.allTemplates()
  }
  func stopOrder() async throws(StoreError) -> StopOrder? { try await base.stopOrder() }
  func erase(
    namespace: String, user: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Erasure {
    try await base.erase(namespace: namespace, user: user, precondition, actor: actor, dryRun: dryRun, now: now)
  }
  func watch(namespace: String, after cursor: String, limit: Int) async throws(StoreError) -> Page<WatchedReceipt> {
    try await base.watch(namespace: namespace, after: cursor, limit: limit)
  }
  func check(from: Timestamp, to: Timestamp) async throws(StoreError) -> LedgerCheck {
    try await base.check(from: from, to: to)
  }

  func changes(
    namespace: String, kinds: Set<DomainEvent.Kind>, after cursor: String, limit: Int
  ) async throws(StoreError) -> Page<DomainEvent> {
    try check()
    return try await base.changes(namespace: namespace, kinds: kinds, after: cursor, limit: limit)
  }
  func relays() async throws(StoreError) -> [Relay] {
    try check()
    return try await base.relays()
  }
  func advance(_ relay: Relay, to cursor: String) async throws(StoreError) -> Bool {
    try check(.advance)
    return try await base.advance(relay, to: cursor)
  }
  func zoneDigests() async throws(StoreError) -> [String: UInt64] {
    try check()
    return try await base.zoneDigests()
  }
  func noteZones(_ digests: [String: UInt64], version: String) async throws(StoreError) {
    try check()
    try await base.noteZones(digests, version: version)
  }
  func schedulesToReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> Page<PlanningItem> {
    try await base.schedulesToReplan(namespace: namespace, filter: filter, page: page)
  }
  func markForReplan(namespace: String, filter: ReplanFilter, now: Timestamp) async throws(StoreError) -> Int {
    try await base.markForReplan(namespace: namespace, filter: filter, now: now)
  }
}
