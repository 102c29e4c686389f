package import EventModel
package import Store

extension Session {
  /// Makes a change that creates something, unless the same request made it before.
  package func create(
    _ change: Change, request: RequestID, actor: Actor, dryRun: Bool, now: Timestamp
  ) throws -> Creation {
    do { try Names.checkKey(request.id, field: "request_id") } catch { throw StoreError(error) }
    guard var wanted = change.created else {
      throw StoreError(ModelError(field: "request_id", "is for what is created"))
    }
    if !request.scope.isEmpty { wanted.namespace = request.scope }
    return try trial(dryRun) { [wanted] in
      try dialect.lockChanges(in: self)
      let content = try keyedHash(request.content)
      if let earlier = try creation(wanted, request.id, since: now - RequestID.keptFor) {
        guard earlier.content == content else {
          throw StoreError(
            .conflict, "request_id: \"\(request.id)\" was used for another \(wanted.kind), \"\(earlier.id)\"")
        }
        let result = ChangeResult(effect: .created, revision: earlier.revision)
        return Creation(result: result, id: earlier.id, isRepeated: true)
      }
      let applied = try apply(change, isAlone: true, actor: actor, now: now)
      try remember(wanted, request.id, content, applied, now: now)
      try audit(actor, [applied], now: now)
      return Creation(result: applied.result, id: wanted.id, isRepeated: false)
    }
  }

  private func creation(
    _ wanted: CreatedThing, _ request: String, since: Timestamp
  ) throws -> (content: String, id: String, revision: Int64)? {
    try query(
      "SELECT content, id, revision FROM creation WHERE kind = ? AND namespace = ? AND request = ? AND at > ?"
    ).first(wanted.kind, wanted.namespace, request, since) { ($0.text(0), $0.text(1), $0.int64(2)) }
  }

  private func remember(
    _ wanted: CreatedThing, _ request: String, _ content: String, _ applied: Applied, now: Timestamp
  ) throws {
    try query(
      """
      INSERT INTO creation (kind, namespace, request, content, id, revision, person, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (kind, namespace, request) DO UPDATE SET content = excluded.content, id = excluded.id,
        revision = excluded.revision, person = excluded.person, at = excluded.at
      """
    ).run(
      wanted.kind, wanted.namespace, request, content, wanted.id, applied.result.revision, applied.record.person, now)
  }

  /// Forgets requests that are too old to be repeated.
  func dropCreations(now: Timestamp) throws {
    try query(
      """
      DELETE FROM creation WHERE (kind, namespace, request) IN (
        SELECT kind, namespace, request FROM creation WHERE at <= ? LIMIT ?)
      """
    ).run(now - RequestID.keptFor, Self.rowsPerUpkeep)
  }
}

/// What a change creates.
private struct CreatedThing {
  var kind: String
  /// Empty for what all namespaces share; of what an agent does for itself, that run of it.
  var namespace = ""
  var id: String
}

extension Change {
  /// Nil unless it creates something or fails.
  fileprivate var created: CreatedThing? {
    switch self {
    case .putUser(let user, .absent), .importUser(let user, .absent):
      CreatedThing(kind: "user", namespace: user.namespace, id: user.id)
    case .putSchedule(let schedule, .absent):
      CreatedThing(kind: "schedule", namespace: schedule.namespace, id: schedule.id)
    case .putSink(let sink, .absent): CreatedThing(kind: "sink", namespace: sink.namespace, id: sink.name)
    case .putSubscription(let draft, .absent):
      CreatedThing(kind: "subscription", namespace: draft.namespace, id: draft.id)
    case .putTemplate(let draft, .absent): CreatedThing(kind: "template", namespace: draft.namespace, id: draft.id)
    case .putQueue(let queue, .absent): CreatedThing(kind: "queue", id: queue.name)
    case .createToken(let token): CreatedThing(kind: "token", id: token.id)
    case .createGrant(let grant): CreatedThing(kind: "grant", id: grant.id)
    case .createDenial(let denial): CreatedThing(kind: "denial", id: denial.id)
    case .recordPlugin(let record): CreatedThing(kind: "plugin", id: record.plugin)
    default: nil
    }
  }
}
