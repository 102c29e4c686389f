/// Binds a user (or nobody: a broadcast) to an event type with a definition; yields occurrences.
public struct Schedule: Hashable, Sendable {
  /// Where a schedule is in its life.
  public enum State: String, Hashable, Sendable, Codable, CaseIterable {
    /// Occurrences are planned.
    case active
    /// Nothing is planned until it is resumed; what was pending is withdrawn. It goes on from the moment of the resume.
    case paused
    /// The series is over: a one-off that was planned, a last occurrence.
    case ended
    /// Deleted; kept while the ledger refers to it.
    case deleted
  }

  /// The namespace it belongs to.
  public var namespace: String
  /// Its id, as in `Names.checkID`.
  public var id: String
  /// The person's id; nil: a broadcast.
  public var userID: String?
  /// The event type's name: `birthday`.
  public var eventType: String
  /// The definition, a JSON object valid by the event type's schema.
  public var definitionJSON: String
  /// The queue its events go to; nil: the event type's.
  public var queue: String?
  /// IANA zone name; nil: the user's, or UTC.
  public var timeZone: String?
  /// What to do with a local time that the zone skips.
  public var gap: GapRule
  /// What to do with a local time that the zone has twice.
  public var fold: FoldRule
  /// What to do with missed occurrences; nil: the event type's.
  public var catchUp: CatchUp?
  /// Where it is in its life.
  public var state: State
  /// Occurrences before this are not planned: the moment of creation, or of the last resume. In a draft: the moment of
  /// creation.
  public var startAt: Timestamp
  /// When the next occurrence not yet planned is due; nil when none is known. Ignored in a draft.
  public var nextDue: Timestamp?
  /// Why it cannot be planned, when it cannot; empty otherwise. Ignored in a draft.
  public var planError: String
  /// The store's number; 0 in a draft.
  public var number: ScheduleNumber
  /// Counts changes by people; the etag is made of it. 0 in a draft.
  public var revision: Int64
  /// When it was created; ignored in a draft.
  public var createdAt: Timestamp
  /// When it was last changed; ignored in a draft.
  public var updatedAt: Timestamp
  /// Whether it is the schedule of a test run; only one-offs are.
  public var isTest: Bool
  /// What people said about single occurrences, by key. Ignored in a draft: each is a change of its own.
  public var exceptions: [OccurrenceException]

  /// Makes a schedule.
  public init(
    namespace: String, id: String, userID: String?, eventType: String, definitionJSON: String, queue: String? = nil,
    timeZone: String? = nil, gap: GapRule = .shiftForward, fold: FoldRule = .first, catchUp: CatchUp? = nil,
    state: State = .active, startAt: Timestamp, nextDue: Timestamp? = nil, planError: String = "",
    number: ScheduleNumber = ScheduleNumber(rawValue: 0), revision: Int64 = 0,
    createdAt: Timestamp = Timestamp(microseconds: 0), updatedAt: Timestamp = Timestamp(microseconds: 0),
    isTest: Bool = false, exceptions: [OccurrenceException] = []
  ) {
    self.namespace = namespace
    self.id = id
    self.userID = userID
    self.eventType = eventType
    self.definitionJSON = definitionJSON
    self.queue = queue
    self.timeZone = timeZone
    self.gap = gap
    self.fold = fold
    self.catchUp = catchUp
    self.state = state
    self.startAt = startAt
    self.nextDue = nextDue
    self.planError = planError
    self.number = number
    self.revision = revision
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.isTest = isTest
    self.exceptions = exceptions
  }

  /// Longest definition, in bytes.
  public static let maximumDefinitionBytes = 64 * 1_024

  /// Checks names and sizes; not the definition itself, which the event type knows, nor the zone.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkID(id, field: "id") }
    if !DomainEvent.Kind.isTopic(eventType) {
      faults.keep { () throws(ModelError) in try Names.checkName(eventType, field: "event_type") }
    }
    if let userID { faults.keep { () throws(ModelError) in try Names.checkID(userID, field: "user_id") } }
    if let queue { faults.keep { () throws(ModelError) in try Names.checkName(queue, field: "queue") } }
    if definitionJSON.utf8.count > Self.maximumDefinitionBytes {
      faults.found.append(
        .init(field: "definition", message: "must be at most \(Self.maximumDefinitionBytes) bytes of JSON"))
    }
    try faults.check()
  }
}
