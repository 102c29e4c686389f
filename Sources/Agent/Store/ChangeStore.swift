public import EventModel

/// Which schedules of a namespace to plan anew; all that is named must fit, and with nothing named all do.
public struct ReplanFilter: Hashable, Sendable {
  /// Only this one.
  public var scheduleID: String?
  /// Only this user's.
  public var userID: String?
  /// Only those whose zone it is: the schedule's, else the user's, else `UTC`.
  public var timeZone: String?

  /// Makes a filter.
  public init(scheduleID: String? = nil, userID: String? = nil, timeZone: String? = nil) {
    self.scheduleID = scheduleID
    self.userID = userID
    self.timeZone = timeZone
  }
}

/// How far the domain events of one kind came that subscriptions of a namespace want.
public struct Relay: Hashable, Sendable {
  /// The namespace.
  public var namespace: String
  /// The kind.
  public var kind: DomainEvent.Kind
  /// Where to go on; a cursor of ``ChangeStore/changes(namespace:kinds:after:limit:)``.
  public var cursor: String

  /// Makes one.
  public init(namespace: String, kind: DomainEvent.Kind, cursor: String) {
    self.namespace = namespace
    self.kind = kind
    self.cursor = cursor
  }
}

/// Domain events, and what planning anew rests on.
public protocol ChangeStore: Sendable {
  /// Domain events after a cursor. Those about users stand in the order in which they were committed, those about events
  /// that began likewise, and those about events that ended likewise; no late commit is skipped. An empty cursor begins at
  /// the oldest, `latest` at the end. `Page.next` is the cursor to go on from, also when there is nothing new; a page may
  /// be short, or empty, before the end: it is the end when the cursor stays as it was.
  /// - Parameter kinds: empty: all.
  func changes(
    namespace: String, kinds: Set<DomainEvent.Kind>, after cursor: String, limit: Int
  ) async throws(StoreError) -> Page<DomainEvent>

  /// The kinds that subscriptions in force name. A relay begins with the first subscription that names it, at what happens
  /// from then on, and ends with the last.
  func relays() async throws(StoreError) -> [Relay]

  /// Notes that a relay came to `cursor`; false when somebody else moved it meanwhile, or it ended.
  func advance(_ relay: Relay, to cursor: String) async throws(StoreError) -> Bool

  /// The digests of the zones' rules that plans were last made by; empty in a store that never had any noted.
  func zoneDigests() async throws(StoreError) -> [String: UInt64]

  /// Notes them, after schedules that rest on others were marked.
  func noteZones(_ digests: [String: UInt64], version: String) async throws(StoreError)

  /// Active series that would be planned anew, as a re-plan would get them; by schedule id.
  func schedulesToReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> Page<PlanningItem>

  /// Asks for a re-plan of active series. Answers how many.
  func markForReplan(namespace: String, filter: ReplanFilter, now: Timestamp) async throws(StoreError) -> Int
}
