public import EventModel
public import Store

extension SQLStore {
  /// See ``InspectionStore``.
  public func user(namespace: String, id: String) async throws(StoreError) -> User {
    try await read(.mayLag) { try $0.user(namespace, id) }
  }

  /// See ``InspectionStore``.
  public func users(namespace: String, page: PageRequest) async throws(StoreError) -> Page<User> {
    try await read(.mayLag) { try $0.users(namespace, page) }
  }

  /// See ``InspectionStore``.
  public func schedule(namespace: String, id: String) async throws(StoreError) -> Schedule {
    try await read(.mayLag) { try $0.schedule(namespace, id) }
  }

  /// See ``InspectionStore``.
  public func schedules(
    namespace: String, filter: ScheduleFilter, page: PageRequest
  ) async throws(StoreError) -> Page<Schedule> {
    try await read(.mayLag) { try $0.schedules(namespace, filter, page) }
  }

  /// See ``InspectionStore``.
  public func sink(namespace: String, name: String) async throws(StoreError) -> Sink {
    try await read(.mayLag) { try $0.sink(namespace, name) }
  }

  /// See ``InspectionStore``.
  public func sinks(namespace: String, page: PageRequest) async throws(StoreError) -> Page<Sink> {
    try await read(.mayLag) { try $0.sinks(namespace, page) }
  }

  /// See ``InspectionStore``.
  public func goneEndpoints(
    namespace: String, sink: String, page: PageRequest
  ) async throws(StoreError) -> Page<GoneEndpoint> {
    try await read(.mayLag) { try $0.goneEndpoints(namespace, sink: sink, page) }
  }

  /// See ``InspectionStore``.
  public func subscription(namespace: String, id: String) async throws(StoreError) -> Subscription {
    try await read(.mayLag) { try $0.subscription(namespace, id) }
  }

  /// See ``InspectionStore``.
  public func subscriptions(
    namespace: String, page: PageRequest
  ) async throws(StoreError) -> Page<Subscription> {
    try await read(.mayLag) { try $0.subscriptions(namespace, page) }
  }

  /// See ``InspectionStore``.
  public func queues() async throws(StoreError) -> [Queue] {
    try await read(.mayLag) { try $0.queues() }
  }

  /// See ``InspectionStore``.
  public func queueDepths(now: Timestamp) async throws(StoreError) -> [QueueDepth] {
    try await read(.mayLag) { try $0.queueDepths(now: now) }
  }

  /// See ``InspectionStore``.
  public func shards(now: Timestamp) async throws(StoreError) -> [ShardRecord] {
    try await read(.mayLag) { try $0.shards(now: now) }
  }

  /// See ``InspectionStore``.
  public func event(namespace: String, identity: EventIdentity) async throws(StoreError) -> EventSummary {
    try await read(.mayLag) { try $0.event(namespace, identity) }
  }

  /// See ``InspectionStore``.
  public func events(
    namespace: String, filter: EventFilter, page: PageRequest
  ) async throws(StoreError) -> Page<EventSummary> {
    try await read(.mayLag) { try $0.events(namespace, filter, page) }
  }

  /// See ``InspectionStore``.
  public func history(namespace: String, identity: EventIdentity) async throws(StoreError) -> [EventStep] {
    try await read(.mayLag) { try $0.history(namespace, identity) }
  }

  /// See ``InspectionStore``.
  public func watch(
    namespace: String, after cursor: String, limit: Int
  ) async throws(StoreError) -> Page<WatchedReceipt> {
    try await read(.mayLag) { try $0.watch(namespace, after: cursor, limit: limit) }
  }

  /// See ``InspectionStore``.
  public func check(from: Timestamp, to: Timestamp) async throws(StoreError) -> LedgerCheck {
    try await read(.mayLag) { try $0.check(from: from, to: to) }
  }
}
