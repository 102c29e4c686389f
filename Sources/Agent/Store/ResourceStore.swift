public import EventModel

/// Who asks for a change; stands in its audit record.
public struct Actor: Hashable, Sendable {
  /// `unix:1000`, `agent`, a certificate's identity.
  public var name: String

  /// Makes an actor.
  public init(name: String) {
    self.name = name
  }

  /// The agent itself.
  public static let agent = Actor(name: "agent")
}

/// What must hold for a change to be made.
public enum Precondition: Hashable, Sendable {
  /// Nothing: create or replace.
  case none
  /// It must not exist.
  case absent
  /// It must exist.
  case present
  /// It must exist with this revision.
  case revision(Int64)
}

/// One change from outside.
public enum Change: Sendable {
  /// Creates or replaces a user. A changed zone, date or pause plans its schedules anew; after a pause they go on from
  /// this moment, and what fell into it is not sent.
  case putUser(User, Precondition)
  /// The same for a source that has no word for a pause: who is paused stays so.
  case importUser(User, Precondition)
  /// Deletes a user and its schedules; what was pending is withdrawn.
  case deleteUser(namespace: String, id: String, Precondition)
  /// Creates or replaces a schedule (`number`, `revision` and the planner's fields of the draft are ignored). A changed
  /// one is planned anew; after a pause it goes on from this moment. `state` may be `.active` or `.paused`. An unknown user
  /// or queue is `.invalid`.
  case putSchedule(Schedule, Precondition)
  /// Deletes a schedule; what was pending is withdrawn.
  case deleteSchedule(namespace: String, id: String, Precondition)
  /// Creates or replaces a sink.
  case putSink(Sink, Precondition)
  /// Deletes a sink. Refused (`.failedPrecondition`) while subscriptions name it.
  case deleteSink(namespace: String, name: String, Precondition)
  /// Sends to a user's address again that a sink gave up; nothing changes where it did not.
  case enableEndpoint(namespace: String, sink: String, user: String)
  /// Creates or replaces a subscription. An unknown sink is `.invalid`.
  case putSubscription(Subscription, Precondition)
  /// Deletes a subscription.
  case deleteSubscription(namespace: String, id: String, Precondition)
  /// Creates or replaces a queue; pausing is one of its fields. An unknown allowed sink is not an error.
  case putQueue(Queue, Precondition)
  /// Deletes a queue that has no open bucket and that no schedule names; else only with `moveTo`, which moves both.
  /// The four standard queues cannot be deleted.
  case deleteQueue(name: String, moveTo: String?, Precondition)
  /// Creates or replaces a template; counts as a change of the routing. Another one with the same event type, locale and
  /// sink is `.alreadyExists`; an unknown sink, or too many, is `.invalid`.
  case putTemplate(MessageTemplate, Precondition)
  /// Deletes a template.
  case deleteTemplate(namespace: String, id: String, Precondition)
  /// Says something about one occurrence, or something else than before; asks for a re-plan. Too many are `.invalid`, an
  /// unknown schedule is `.notFound`. An occurrence that is planned already is the caller's to cancel, after this; the
  /// planner moves it.
  case putException(namespace: String, schedule: String, OccurrenceException)
  /// Takes it back; asks for a re-plan. `.notFound` when nothing was said.
  case deleteException(namespace: String, schedule: String, key: String)
  /// Stops everything; counts as a change of the queues. Unchanged when it is stopped already.
  case stopAll(reason: String)
  /// Ends a stop; counts as a change of the queues.
  case resumeAll
  /// A dead letter's delivery is tried again: a row for its sink alone, attempt 1, with its message, that may start now
  /// (`expiresFrom` is now), in a new bucket, in the queue it died in, or what that was moved to (or `normal`, if that is
  /// gone). The dead letter is gone. `.failedPrecondition` when its sink is gone or disabled, or its schedule is deleted or
  /// rests: nothing would come of it, and the letter would be lost.
  case replayDeadLetter(namespace: String, id: Int64)
  /// Removes a dead letter.
  case discardDeadLetter(namespace: String, id: Int64, reason: String)

  /// Makes a token; who asks is its creator. Another one of its id, revoked or expired too, is `.alreadyExists`; too many are
  /// `.failedPrecondition`.
  case createToken(AccessToken)
  /// Makes a token worth nothing, for good. Unchanged when it was revoked before.
  case revokeToken(id: String)
  /// Grants a role to an identity. Another grant of its id is `.alreadyExists`; too many are `.failedPrecondition`.
  case createGrant(Grant)
  /// Takes a grant back.
  case deleteGrant(id: String)
  /// Keeps somebody out. Another denial of its id is `.alreadyExists`; too many are `.failedPrecondition`.
  case createDenial(Denial)
  /// Ends a denial.
  case deleteDenial(id: String)
  /// Leaves a record that a certificate was made, before it is given away; changes nothing else.
  case recordCertificate(sha256: String, identity: String, expiresAt: Timestamp)
  /// Leaves a record of what was done with a plugin; changes nothing else.
  case recordPlugin(PluginRecord)

  /// Whether it changes what agents keep in memory to send by: queues, sinks, templates, the stop order. Subscriptions are not
  /// among it: what is due goes by the routing that its bucket was stamped with.
  public var isOfSettings: Bool {
    switch self {
    case .putSink, .deleteSink, .enableEndpoint, .putQueue, .deleteQueue, .putTemplate, .deleteTemplate, .stopAll,
      .resumeAll:
      true
    case .putUser, .importUser, .deleteUser, .putSchedule, .deleteSchedule, .putSubscription, .deleteSubscription,
      .putException, .deleteException, .replayDeadLetter, .discardDeadLetter, .createToken, .revokeToken, .createGrant,
      .deleteGrant, .createDenial, .deleteDenial, .recordCertificate, .recordPlugin:
      false
    }
  }

  /// Whether it changes who may do what: agents read ``AccessStore/accessList(besides:)`` again.
  public var isOfAccess: Bool {
    switch self {
    case .createToken, .revokeToken, .createGrant, .deleteGrant, .createDenial, .deleteDenial: true
    default: false
    }
  }

  /// Whether it is about people and their schedules, which come in batches of thousands: of a batch the audit has one
  /// record.
  public var isOfPeople: Bool {
    switch self {
    case .putUser, .importUser, .deleteUser, .putSchedule, .deleteSchedule, .putException, .deleteException: true
    default: false
    }
  }
}

/// What erasing a person removes.
public struct Erasure: Hashable, Sendable {
  /// Schedules, ended ones included.
  public var schedules: Int
  /// Rendered messages of pending rows.
  public var messages: Int
  /// Dead letters.
  public var deadLetters: Int
  /// Receipts whose detail and external id were emptied.
  public var receipts: Int
  /// Subscriptions whose filter names the user's id.
  public var subscriptions: [String]
  /// Rows that an agent owns: their owner withdraws them.
  public var owned: Int

  /// Makes it.
  public init(
    schedules: Int = 0, messages: Int = 0, deadLetters: Int = 0, receipts: Int = 0, subscriptions: [String] = [],
    owned: Int = 0
  ) {
    self.schedules = schedules
    self.messages = messages
    self.deadLetters = deadLetters
    self.receipts = receipts
    self.subscriptions = subscriptions
    self.owned = owned
  }
}

/// What became of a change.
public struct ChangeResult: Hashable, Sendable {
  /// What was done.
  public enum Effect: String, Hashable, Sendable {
    /// It is new.
    case created
    /// It was changed.
    case updated
    /// It was the same already; nothing was written.
    case unchanged
    /// It is gone.
    case deleted
  }

  /// What was done.
  public var effect: Effect
  /// The revision after it.
  public var revision: Int64

  /// Makes a result.
  public init(effect: Effect, revision: Int64) {
    self.effect = effect
    self.revision = revision
  }
}

/// What became of asking that one event be cancelled or moved.
public enum InterventionResult: Hashable, Sendable {
  /// It is done, durably.
  case done
  /// An agent owns it: this command asks; see ``ResourceStore/commandAnswer(_:)``.
  case asked(command: Int64)
  /// Too late: it was settled before; the outcome says how.
  case settled(Outcome)
}

/// What the owner answered to a command.
public enum CommandAnswer: Hashable, Sendable {
  /// Not answered yet.
  case open
  /// Done as asked.
  case done
  /// Not done: the row was settled, or its send had started; the outcome, if one is known yet.
  case tooLate(Outcome?)
}

/// Changes from outside. Each passes one verb, so that authorisation and audit stand in one place.
public protocol ResourceStore: Sendable {
  /// The most changes that one `commit` takes.
  static var maximumChangesPerTransaction: Int { get }

  /// Makes all of the changes and their audit records in one transaction, or none.
  /// - Parameter dryRun: says what would happen, and changes nothing.
  /// - Throws: for the first change that fails; `.invalid`, `.notFound`, `.alreadyExists`, `.conflict`,
  ///   `.failedPrecondition`.
  func commit(_ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp) async throws(StoreError)
    -> [ChangeResult]

  /// The same, but each on its own: one that fails leaves the others alone. One transaction all the same.
  func commitEach(_ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp) async throws(StoreError)
    -> [Result<ChangeResult, StoreError>]

  /// Cancels an event for good: every row of it that is not closed. One that is only withdrawn is cancelled too, so that
  /// it is not planned again.
  func cancel(_ event: EventIdentity, reason: String, actor: Actor, now: Timestamp) async throws(StoreError)
    -> InterventionResult

  /// Moves an event to another due time or queue; nil leaves that as it is. Too late (`.settled`) once a sink of an open
  /// row has its outcome: the moved row would go to it again.
  func move(_ event: EventIdentity, dueAt: Timestamp?, queue: String?, actor: Actor, now: Timestamp)
    async throws(StoreError) -> InterventionResult

  /// Deletes a user and its schedules as `deleteUser` does, and everything that tells who it was: definitions, ids,
  /// idempotency keys, commands' reasons, rendered messages of pending rows, dead letters, what receipts quote. When it
  /// returns, none of it is in the store's files any more, in free pages and journals neither. What remains is numbers,
  /// occurrence keys, times and outcomes. Whatever an owner records of its events from then on is recorded as cancelled
  /// (`SkipReason.erased`) in place of a retry, a deferral, a move or a dead letter, and without detail. One-offs' keys are
  /// their callers', and go as well.
  /// - Throws: `.notFound`, `.conflict`; `.unknown` when the person is erased, but an old state of the files is still being
  ///   read and could not be overwritten in time; asking again says when it is (`.notFound`).
  func erase(
    namespace: String, user: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Erasure

  /// What the owner answered to a command.
  func commandAnswer(_ id: Int64) async throws(StoreError) -> CommandAnswer
}
