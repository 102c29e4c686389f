public import EventModel
public import Store
import StoreSQL

extension PostgresStore {
  /// Days of history that one call drops.
  private static let daysPerCall = 32
  /// What held something of a person, but for events: those hold a message only while a retry waits.
  private static let erasedTables = [
    "\"user\"", "schedule", "plan", "idempotency", "occurrence_exception", "dead_letter", "command", "audit",
    "gone_endpoint", "digest", "digest_item", "creation",
  ]

  /// See ``ResourceStore``. No query finds the person any more. What the rows held stays in the pages' free space until it
  /// is written over, in the server's log, in standbys and in backups: those are the administrator's.
  public func erase(
    namespace: String, user: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Erasure {
    let erasure = try await write(.change, rows: Session.rowsPerUpkeep) {
      try $0.erase(namespace, user, precondition, actor: actor, dryRun: dryRun, now: now)
    }
    if !dryRun { try await vacuumErased() }
    return erasure
  }

  /// How often it is tried, and how long it may take, in milliseconds.
  private static let vacuum = (attempts: 3, milliseconds: 30_000)

  /// - Throws: `.unknown`: the person is gone already, and nothing else may be thought of it.
  private func vacuumErased() async throws(StoreError) {
    var attempt = 1
    while true {
      do throws(StoreError) {
        return try await direct.run(onlyReads: true) { session in
          let sql = "VACUUM \(Self.erasedTables.joined(separator: ", "))"
          _ = try session.simple(sql, cancelAfterMilliseconds: Self.vacuum.milliseconds)
        }
      } catch {
        guard attempt >= Self.vacuum.attempts else {
          attempt += 1
          continue
        }
        throw StoreError(
          .unknown, "the person is erased, but the tables' dead rows are not cleaned away yet: \(error.message)",
          cause: error)
      }
    }
  }

  /// See ``MaintenanceStore``. Makes the partitions that will be needed as well, since it is called regularly.
  public func expire(now: Timestamp) async throws(StoreError) -> Int {
    try await partitions.makeAhead(now: now)
    return try await write(.change, rows: Session.rowsPerUpkeep) { try $0.expire(now: now) }
  }

  /// See ``MaintenanceStore``. Goes by whole days of UTC, whose partitions are dropped.
  public func dropHistory(
    before history: Timestamp, deadLettersBefore: Timestamp
  ) async throws(StoreError) -> RetentionAnswer {
    let (buckets, hasMoreDays) = try await partitions.drop(before: history, limit: Self.daysPerCall)
    let (letters, events) = try await write(.change, rows: Session.rowsPerUpkeep) { session in
      let letters = try session.dropLetters(before: deadLettersBefore)
      for schedule in letters.schedules { try session.eraseShell(ScheduleNumber(rawValue: schedule)) }
      try session.dropRoutings()
      try session.dropExceptions(before: history)
      let events = try session.dropDomainEvents(before: history, limit: Session.rowsPerUpkeep)
      return (letters.count, events)
    }
    return RetentionAnswer(
      buckets: buckets, deadLetters: letters,
      isPartial: hasMoreDays || letters == Session.rowsPerUpkeep || events == Session.rowsPerUpkeep)
  }
}

extension PostgresStore {
  /// See ``MaintenanceStore``.
  public func diagnose(horizon: TimeSpan, now: Timestamp) async throws(StoreError) -> [StoreFinding] {
    let database = try await direct.run(onlyReads: true) { session in
      try Diagnosis(session: session, horizon: horizon, now: now).findings()
    }
    return database + [try await read(.fresh) { try $0.claimFinding(now: now) }]
  }
}
