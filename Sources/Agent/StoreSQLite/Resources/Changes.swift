import EventModel
import Store

extension Session {
  static let changesPerTransaction = 1_000

  func commit(_ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp) throws -> [ChangeResult] {
    try checkCount(changes)
    return try trial(dryRun) {
      let results = try changes.map { try apply($0, now: now) }
      try audit(actor, zip(changes, results), now: now)
      return results
    }
  }

  func commitEach(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp
  ) throws -> [Result<ChangeResult, StoreError>] {
    try checkCount(changes)
    return try trial(dryRun) {
      var results: [Result<ChangeResult, StoreError>] = []
      for change in changes {
        do {
          results.append(.success(try savepoint { try apply(change, now: now) }))
        } catch let error as StoreError {
          results.append(.failure(error))
        }
      }
      let done = zip(changes, results).compactMap { change, result in
        (try? result.get()).map { (change, $0) }
      }
      try audit(actor, done, now: now)
      return results
    }
  }

  /// A dry run does it all, and undoes it.
  private func trial<Value>(_ dryRun: Bool, _ body: () throws -> Value) throws -> Value {
    dryRun ? try savepoint(keeps: false, body) : try body()
  }

  private func checkCount(_ changes: [Change]) throws {
    guard changes.count <= Self.changesPerTransaction else {
      throw StoreError(
        ModelError(field: "changes", "must be at most \(Self.changesPerTransaction), not \(changes.count)"))
    }
  }

  private func apply(_ change: Change, now: Timestamp) throws -> ChangeResult {
    do {
      switch change {
      case .putUser(let user, let precondition): return try put(user, precondition, now: now)
      case .deleteUser(let namespace, let id, let precondition):
        return try deleteUser(namespace, id, precondition, now: now)
      case .putSchedule(let schedule, let precondition): return try put(schedule, precondition, now: now)
      case .deleteSchedule(let namespace, let id, let precondition):
        return try deleteSchedule(namespace, id, precondition, now: now)
      case .putSink(let sink, let precondition): return try put(sink, precondition)
      case .deleteSink(let namespace, let name, let precondition): return try deleteSink(namespace, name, precondition)
      case .putSubscription(let subscription, let precondition): return try put(subscription, precondition)
      case .deleteSubscription(let namespace, let id, let precondition):
        return try deleteSubscription(namespace, id, precondition)
      case .putQueue(let queue, let precondition): return try put(queue, precondition)
      case .deleteQueue(let name, let target, let precondition):
        return try deleteQueue(name, moveTo: target, precondition, now: now)
      default: throw StoreError(.unknown, "not yet")
      }
    } catch let error as ModelError {
      throw StoreError(error)
    }
  }
}

extension Precondition {
  /// Holds a put against what is there; `revision` is nil when nothing is.
  func check(put revision: Int64?, _ what: @autoclosure () -> String) throws(StoreError) {
    switch (self, revision) {
    case (.none, _), (.absent, nil), (.present, .some): return
    case (.absent, .some): throw StoreError(.alreadyExists, "\(what()) exists")
    case (.present, nil), (.revision, nil): throw StoreError(.notFound, "there is no \(what())")
    case (.revision(let wanted), .some(let found)): try Self.match(wanted, found, what())
    }
  }

  /// Holds a delete against what is there; answers its revision.
  func check(delete revision: Int64?, _ what: @autoclosure () -> String) throws(StoreError) -> Int64 {
    guard let revision else { throw StoreError(.notFound, "there is no \(what())") }
    switch self {
    case .none, .present: break
    case .absent:
      throw StoreError(ModelError(field: "precondition", "must not ask that what is to be deleted is absent"))
    case .revision(let wanted): try Self.match(wanted, revision, what())
    }
    return revision
  }

  private static func match(_ wanted: Int64, _ found: Int64, _ what: String) throws(StoreError) {
    guard wanted == found else {
      throw StoreError(.conflict, "\(what) was changed meanwhile: its revision is \(found), not \(wanted)")
    }
  }
}
