import EventModel
import Store
import StoreSQL

/// Puts of users and schedules, as many at a time as can be: what is new is copied in, what is there already and the same
/// is only compared. Whatever else there is, what changes and what is refused, goes the common way, in its turn in the
/// same transaction, so that the outcome is the common way's.
struct BulkCommit {
  private let batch: BulkBatch
  private let session: Session
  private let actor: Actor
  private let now: Timestamp
  private var namespaces: Namespaces
  private var users: KnownUsers
  private var schedules: KnownSchedules
  private var userNumbers: ArraySlice<Int64>
  private var scheduleNumbers: ArraySlice<Int64>
  private var queues: [String: Bool] = [:]
  private var rows = NewRows()

  /// Looks up everything that the changes name. Nobody else makes changes until the transaction ends.
  init(_ batch: BulkBatch, actor: Actor, now: Timestamp, in session: Session) throws {
    namespaces = try Namespaces(batch.namespaces, session)
    users = try KnownUsers(batch.users, namespaces, session)
    schedules = try KnownSchedules(batch.schedules, namespaces, session)
    userNumbers = try Self.draw(users.standings, "\"user\"", "id", session)
    scheduleNumbers = try Self.draw(schedules.standings, "schedule", "number", session)
    self.batch = batch
    self.session = session
    self.actor = actor
    self.now = now
  }

  /// Numbers for all that may be new; those that are not used are gaps.
  private static func draw(
    _ standings: [Standing], _ table: String, _ column: String, _ session: Session
  ) throws -> ArraySlice<Int64> {
    var count = 0
    for case .absent in standings { count += 1 }
    return try session.postgres.draw(count, of: column, table)[...]
  }

  /// Makes all of the changes. A change that fails undoes itself alone.
  mutating func each() throws -> [Result<Applied, StoreError>] {
    var results: [Result<Applied, StoreError>] = []
    results.reserveCapacity(batch.steps.count)
    for (change, step) in zip(batch.changes, batch.steps) {
      if case .refused(let error) = step {
        results.append(.failure(error))
      } else if let done = try quickly(step) {
        results.append(.success(done))
      } else {
        try flush(before: step)
        do {
          results.append(.success(try session.savepoint { try session.apply(change, actor: actor, now: now) }))
        } catch let error as StoreError {
          results.append(.failure(error))
        }
      }
    }
    try rows.flush(now: now, session)
    return results
  }

  /// Makes all of the changes, or fails with the first that fails.
  mutating func all() throws -> [Applied] {
    var results: [Applied] = []
    results.reserveCapacity(batch.steps.count)
    for (change, step) in zip(batch.changes, batch.steps) {
      if case .refused(let error) = step { throw error }
      if let done = try quickly(step) {
        results.append(done)
      } else {
        try flush(before: step)
        results.append(try session.apply(change, actor: actor, now: now))
      }
    }
    try rows.flush(now: now, session)
    return results
  }

  /// Makes a change that needs no row of its own to be read or changed; nil where it takes the common way.
  private mutating func quickly(_ step: BulkBatch.Step) throws -> Applied? {
    switch step {
    case .refused: nil
    case .user(let user, let precondition, let place): try put(user, precondition, place)
    case .schedule(let draft, let precondition, let place, let owner): try put(draft, precondition, place, owner)
    }
  }

  /// What goes the common way must see what it hangs on.
  private mutating func flush(before step: BulkBatch.Step) throws {
    let mustSee =
      switch step {
      case .refused: false
      case .user(_, _, let place): rows.has(user: place)
      case .schedule(_, _, let place, let owner):
        rows.has(schedule: place) || owner.map { rows.has(user: $0) } ?? false
      }
    if mustSee { try rows.flush(now: now, session) }
  }

  private mutating func put(_ user: NewUser, _ precondition: Precondition, _ place: Int) throws -> Applied? {
    let draft = user.draft
    switch users.standings[place] {
    case .stored(let row):
      let revision = users.revision(row)
      guard precondition.isMet(put: revision), users.isSame(user, row), let number = users.numbers[place] else {
        users.standings[place] = .written
        return nil
      }
      return applied(draft, .unchanged, revision, number)
    case .absent:
      guard precondition.isMet(put: nil), user.isStorable, let number = userNumbers.popFirst() else { return nil }
      let namespace = try namespaces.make(draft.namespace, session)
      rows.add(user, number: number, place: place, namespace: namespace)
      users.standings[place] = .written
      users.numbers[place] = number
      return applied(draft, .created, 1, number)
    case .written: return nil
    }
  }

  private mutating func put(
    _ draft: Schedule, _ precondition: Precondition, _ place: Int, _ owner: Int?
  ) throws -> Applied? {
    let number = owner.flatMap { users.numbers[$0] }
    guard !draft.isTest, draft.state == .active || draft.state == .paused, owner == nil || number != nil,
      try queueExists(draft.queue)
    else { return nil }
    switch schedules.standings[place] {
    case .stored(let row):
      let revision = schedules.revision(row)
      guard precondition.isMet(put: revision), schedules.isSame(draft, row) else {
        schedules.standings[place] = .written
        return nil
      }
      return applied(draft, .unchanged, revision, schedules.number(row))
    case .absent:
      guard precondition.isMet(put: nil), draft.isStorable, let own = scheduleNumbers.popFirst() else { return nil }
      let namespace = try namespaces.make(draft.namespace, session)
      let whose = owner.flatMap { place in number.map { (place: place, number: $0) } }
      rows.add(draft, number: own, place: place, namespace: namespace, owner: whose)
      schedules.standings[place] = .written
      return applied(draft, .created, 1, ScheduleNumber(rawValue: own))
    case .written: return nil
    }
  }

  private mutating func queueExists(_ queue: String?) throws -> Bool {
    guard let queue else { return true }
    if let known = queues[queue] { return known }
    let exists = try session.queueExists(queue)
    queues[queue] = exists
    return exists
  }

  private func applied(_ user: User, _ effect: ChangeResult.Effect, _ revision: Int64, _ number: Int64) -> Applied {
    Applied(
      ChangeResult(effect: effect, revision: revision),
      AuditRecord("user.put", AuditRecord.user(user.namespace, number)))
  }

  private func applied(
    _ schedule: Schedule, _ effect: ChangeResult.Effect, _ revision: Int64, _ number: ScheduleNumber
  ) -> Applied {
    Applied(
      ChangeResult(effect: effect, revision: revision),
      AuditRecord("schedule.put", AuditRecord.schedule(schedule.namespace, number)))
  }
}

extension PostgresSession {
  /// Draws numbers for new rows from a column's sequence, in order.
  func draw(_ count: Int, of column: String, _ table: String) throws(StoreError) -> [Int64] {
    guard count > 0 else { return [] }
    let result = try execute(
      """
      SELECT nextval((SELECT pg_get_serial_sequence('\(table)', '\(column)')::regclass)) FROM generate_series(1, $1)
      """, [.int64(Int64(count))])
    return (0..<result.rows).map { result.int64($0, 0) }
  }
}

extension Precondition {
  fileprivate func isMet(put revision: Int64?) -> Bool {
    do throws(StoreError) {
      try check(put: revision, "")
      return true
    } catch {
      return false
    }
  }
}

extension Schedule {
  fileprivate var isStorable: Bool { definitionJSON.isStorable && (timeZone?.isStorable ?? true) }
}
