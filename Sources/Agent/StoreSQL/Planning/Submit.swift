import EventModel
import Store

extension Session {
  func submit(_ oneOffs: [OneOff], owner: AgentLease?, now: Timestamp) throws -> SubmissionAnswer {
    guard oneOffs.count <= LedgerLimits.oneOffsPerTransaction else {
      throw StoreError(
        ModelError(field: "one_offs", "must be at most \(LedgerLimits.oneOffsPerTransaction), not \(oneOffs.count)"))
    }
    // Before it is asked which there are.
    try dialect.holdQueues(in: self)
    var holder: AgentLease?
    if let owner, try isLive(owner, now: now), try !isStopped() { holder = owner }
    let queues = try Dictionary(
      uniqueKeysWithValues: query("SELECT name, paused FROM queue").all { ($0.text(0), $0.bool(1)) })
    var rows = NewRows()
    var submissions: [Submission] = []
    submissions.reserveCapacity(oneOffs.count)
    for oneOff in oneOffs {
      let (submission, sink) = try submit(oneOff, queues: queues, now: now)
      submissions.append(submission)
      guard case .created(let identity) = submission else { continue }
      let event = oneOff.event
      let schedule = oneOff.schedule
      let isNear = event.runAt <= now + LedgerLimits.claimAhead
      rows.add(
        NewRow(
          schedule: identity.schedule, key: identity.key, dueAt: event.dueAt, runAt: event.runAt, sink: sink,
          timeZone: event.timeZone, closedAs: event.closedAs),
        shard: Shard(timeZone: event.timeZone, owner: schedule.userID ?? schedule.id), queue: event.queue,
        isOwned: holder != nil && isNear && queues[event.queue] == false)
    }
    let owned = try insert(rows, owner: holder, now: now)
    return SubmissionAnswer(submissions: submissions, owned: owned)
  }

  /// Makes one; answers the only sink that it goes to, if it names one.
  private func submit(
    _ oneOff: OneOff, queues: [String: Bool], now: Timestamp
  ) throws -> (submission: Submission, sink: SinkNumber) {
    // Made only with the event itself: what is refused leaves nothing behind. No namespace has the number 0.
    let namespace = try namespace(oneOff.schedule.namespace) ?? 0
    do {
      try check(oneOff)
      let existing = try query(
        "SELECT schedule, occurrence FROM idempotency WHERE namespace = ? AND event_type = ? AND key = ?"
      ).first(namespace, oneOff.schedule.eventType, oneOff.idempotencyKey) {
        EventIdentity(schedule: ScheduleNumber(rawValue: $0.int64(0)), key: $0.text(1))
      }
      if let existing { return (.existing(existing), .all) }
      let (user, sink) = try references(of: oneOff, namespace, queues)
      return (.created(try make(oneOff, user: user, now: now)), sink)
    } catch let error as ModelError {
      return (.refused(error), .all)
    }
  }

  private func references(
    of oneOff: OneOff, _ namespace: Int64, _ queues: [String: Bool]
  ) throws -> (user: Int64?, sink: SinkNumber) {
    let schedule = oneOff.schedule
    for queue in [oneOff.event.queue, schedule.queue ?? oneOff.event.queue] where queues[queue] == nil {
      throw ModelError(field: "queue", "there is no queue \"\(queue)\"")
    }
    var user: Int64?
    if let userID = schedule.userID {
      user = try userNumber(namespace, userID)
      guard user != nil else { throw ModelError(field: "user_id", "there is no user \"\(userID)\"") }
    }
    var sink = SinkNumber.all
    if let name = oneOff.sink {
      guard let found = try findSink(namespace, schedule.namespace, name) else {
        throw ModelError(field: "sink", "there is no sink \"\(name)\"")
      }
      sink = found.number
    }
    guard try scheduleNumber(namespace, schedule.id) == nil else {
      throw ModelError(field: "id", "there is a schedule \"\(schedule.id)\" already")
    }
    return (user, sink)
  }

  private func make(_ oneOff: OneOff, user: Int64?, now: Timestamp) throws -> EventIdentity {
    var ended = oneOff.schedule
    ended.state = .ended
    let home = try makeNamespace(ended.namespace)
    let number = try insertSchedule(ended, namespace: home, user: user, isOneOff: true, lookAt: nil, now: now)
    try query("INSERT INTO idempotency (namespace, event_type, key, schedule, occurrence) VALUES (?, ?, ?, ?, ?)")
      .run(home, ended.eventType, oneOff.idempotencyKey, number, oneOff.event.key)
    return EventIdentity(schedule: number, key: oneOff.event.key)
  }

  private func check(_ oneOff: OneOff) throws(ModelError) {
    try oneOff.schedule.check()
    try Names.checkKey(oneOff.event.key, field: "key")
    try Names.checkKey(oneOff.idempotencyKey, field: "idempotency_key")
  }
}
