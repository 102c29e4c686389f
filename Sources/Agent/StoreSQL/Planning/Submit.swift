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
    var sorting = OneOffSorting(known: try dialect.lookUp(oneOffs, in: self), queues: queues)
    let verdicts = oneOffs.map { sorting.verdict(on: $0) }
    let identities = try make(sorting, now: now)
    var rows = NewRows()
    for (identity, accepted) in zip(identities, sorting.accepted) {
      let (schedule, event) = (accepted.oneOff.schedule, accepted.oneOff.event)
      let isNear = event.runAt <= now + LedgerLimits.claimAhead
      rows.add(
        NewRow(
          schedule: identity.schedule, key: identity.key, dueAt: event.dueAt, runAt: event.runAt, sink: accepted.sink,
          timeZone: event.timeZone, closedAs: event.closedAs),
        shard: Shard(timeZone: event.timeZone, owner: schedule.userID ?? schedule.id), queue: event.queue,
        isOwned: holder != nil && isNear && queues[event.queue] == false)
    }
    let owned = try insert(rows, owner: holder, now: now)
    return SubmissionAnswer(submissions: verdicts.map { $0.submission(identities) }, owned: owned)
  }

  /// Makes what was accepted. A namespace is made only with what is in it: what is refused leaves nothing behind.
  private func make(_ sorting: OneOffSorting, now: Timestamp) throws -> [EventIdentity] {
    guard !sorting.accepted.isEmpty else { return [] }
    var namespaces = sorting.known.namespaces
    let new = try sorting.accepted.map { accepted in
      let name = accepted.oneOff.schedule.namespace
      let namespace = try namespaces[name] ?? makeNamespace(name)
      namespaces[name] = namespace
      return NewOneOff(oneOff: accepted.oneOff, namespace: namespace, user: accepted.user)
    }
    return zip(try dialect.make(new, now: now, in: self), new).map { number, new in
      EventIdentity(schedule: number, key: new.oneOff.event.key)
    }
  }
}

/// Says of each one-off of a batch what becomes of it, by what there was before and by those before it in the batch.
private struct OneOffSorting {
  struct Accepted {
    var oneOff: OneOff
    var user: Int64?
    var sink: SinkNumber
  }

  enum Verdict {
    case refused(ModelError)
    case existing(EventIdentity)
    /// The accepted one at this place.
    case created(Int)
    /// The same call as that of the accepted one at this place.
    case repeated(Int)

    func submission(_ identities: [EventIdentity]) -> Submission {
      switch self {
      case .refused(let error): .refused(error)
      case .existing(let identity): .existing(identity)
      case .created(let place): .created(identities[place])
      case .repeated(let place): .existing(identities[place])
      }
    }
  }

  let known: OneOffLookup
  /// Every queue, and whether it is paused.
  let queues: [String: Bool]
  private(set) var accepted: [Accepted] = []
  private var keys: [OneOffLookup.Key: Int] = [:]
  private var schedules: Set<OneOffLookup.Name> = []

  init(known: OneOffLookup, queues: [String: Bool]) {
    self.known = known
    self.queues = queues
  }

  mutating func verdict(on oneOff: OneOff) -> Verdict {
    do throws(ModelError) {
      try oneOff.schedule.check()
      try Names.checkKey(oneOff.event.key, field: "key")
      try Names.checkKey(oneOff.idempotencyKey, field: "idempotency_key")
      let key = OneOffLookup.Key(oneOff)
      if let place = keys[key] { return .repeated(place) }
      if let identity = known.identities[key] { return .existing(identity) }
      accepted.append(try accept(oneOff))
      keys[key] = accepted.count - 1
      schedules.insert(.init(oneOff.schedule.namespace, oneOff.schedule.id))
      return .created(accepted.count - 1)
    } catch {
      return .refused(error)
    }
  }

  private func accept(_ oneOff: OneOff) throws(ModelError) -> Accepted {
    let schedule = oneOff.schedule
    for queue in [oneOff.event.queue, schedule.queue ?? oneOff.event.queue] where queues[queue] == nil {
      throw ModelError(field: "queue", "there is no queue \"\(queue)\"")
    }
    var accepted = Accepted(oneOff: oneOff, user: nil, sink: .all)
    if let user = schedule.userID {
      accepted.user = known.users[.init(schedule.namespace, user)]
      guard accepted.user != nil else { throw ModelError(field: "user_id", "there is no user \"\(user)\"") }
    }
    if let sink = oneOff.sink {
      guard let number = known.sinks[.init(schedule.namespace, sink)] else {
        throw ModelError(field: "sink", "there is no sink \"\(sink)\"")
      }
      accepted.sink = number
    }
    let name = OneOffLookup.Name(schedule.namespace, schedule.id)
    guard !known.schedules.contains(name), !schedules.contains(name) else {
      throw ModelError(field: "id", "there is a schedule \"\(schedule.id)\" already")
    }
    return accepted
  }
}
