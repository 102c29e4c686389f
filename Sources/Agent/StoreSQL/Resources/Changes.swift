package import EventModel
package import Store

extension Session {
  package static let changesPerTransaction = 1_000

  /// - Parameter most: how many changes the backend takes.
  package func commit(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp, most: Int = changesPerTransaction
  ) throws -> [ChangeResult] {
    try Self.checkCount(changes, most: most)
    return try trial(dryRun) {
      try dialect.lockChanges(in: self)
      let isAlone = changes.count == 1
      let done = try changes.map { try apply($0, isAlone: isAlone, actor: actor, now: now) }
      try audit(actor, done, now: now)
      return done.map(\.result)
    }
  }

  /// - Parameter most: how many changes the backend takes.
  package func commitEach(
    _ changes: [Change], actor: Actor, dryRun: Bool, now: Timestamp, most: Int = changesPerTransaction
  ) throws -> [Result<ChangeResult, StoreError>] {
    try Self.checkCount(changes, most: most)
    return try trial(dryRun) {
      try dialect.lockChanges(in: self)
      var results: [Result<Applied, StoreError>] = []
      for change in changes {
        do {
          let isAlone = changes.count == 1
          results.append(.success(try savepoint { try apply(change, isAlone: isAlone, actor: actor, now: now) }))
        } catch let error as StoreError {
          results.append(.failure(error))
        }
      }
      try audit(actor, results.compactMap { try? $0.get() }, now: now)
      return results.map { $0.map(\.result) }
    }
  }

  /// A dry run does it all, and undoes it.
  package func trial<Value>(_ dryRun: Bool, _ body: () throws -> Value) throws -> Value {
    dryRun ? try savepoint(keeps: false, body) : try body()
  }

  package static func checkCount(_ changes: [Change], most: Int) throws(StoreError) {
    guard changes.count <= most else {
      throw StoreError(ModelError(field: "changes", "must be at most \(most), not \(changes.count)"))
    }
  }
}

extension Precondition {
  /// Holds a put against what is there; `revision` is nil when nothing is.
  package func check(put revision: Int64?, _ what: @autoclosure () -> String) throws(StoreError) {
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
