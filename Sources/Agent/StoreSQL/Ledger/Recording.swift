package import EventModel
package import Store

extension Session {
  func record(_ receipts: [Receipt], lease: AgentLease, now: Timestamp) throws -> RecordAnswer {
    try recordAndSettle(receipts, lease: lease, now: now).answer
  }

  /// Answers also which rows of each of the buckets have their closing receipts now.
  package func recordAndSettle(
    _ receipts: [Receipt], lease: AgentLease, now: Timestamp
  ) throws -> (answer: RecordAnswer, settled: [BucketID: RowSet]) {
    guard receipts.count <= LedgerLimits.receiptsPerTransaction else {
      throw StoreError(
        ModelError(field: "receipts", "must be at most \(LedgerLimits.receiptsPerTransaction), not \(receipts.count)"))
    }
    var recording = Recording(session: self, lease: lease, now: now)
    try recording.begin(receipts)
    for receipt in receipts { try recording.add(receipt) }
    return try recording.finish()
  }
}

/// One batch of receipts on its way into the ledger. What it needs is read at once, and what it writes is written at once,
/// as far as the backend can.
private struct Recording {
  let session: Session
  let lease: AgentLease
  let now: Timestamp
  private var buckets: [BucketID: BucketRow] = [:]
  private var commands: [EventRef: [StoredCommand]] = [:]
  private var stored: [EventRef: LedgerRow] = [:]
  private var queues: [String: String] = [:]
  private var fenced: Set<BucketID> = []
  private var rows: [ReceiptRow] = []
  private var followUps = NewRows()
  private var earliestFollowUp: Timestamp?
  /// Sinks of which it was told that they have dead letters.
  private var told: Set<SinkNumber> = []
  /// The digests that events went into.
  private var digests: [EventRef: [SinkNumber: String]] = [:]
  /// Its last bucket, kept out of the dictionary while receipts of it come one after the other.
  private var current: BucketRow?

  init(session: Session, lease: AgentLease, now: Timestamp) {
    self.session = session
    self.lease = lease
    self.now = now
  }

  /// Takes the buckets, and reads what their receipts need.
  mutating func begin(_ receipts: [Receipt]) throws {
    for receipt in receipts { try check(receipt) }
    // Queues, then plans, then buckets: the order of everybody who takes several.
    let aside = Set(receipts.filter { LaidAside.covers($0) }.map(\.identity.schedule))
    let mayAddRows = !aside.isEmpty || receipts.contains { $0.followUp != nil }
    if mayAddRows { try session.dialect.holdQueues(in: session) }
    // Before it is asked how their schedules stand.
    if !aside.isEmpty { try session.dialect.lock(plansOf: Array(aside), in: session) }
    let ids = Set(receipts.map(\.ref.bucket)).sorted { $0.rawValue < $1.rawValue }
    for bucket in try session.dialect.buckets(ids, ownedBy: lease, in: session) { buckets[bucket.id] = bucket }
    fenced = Set(ids.filter { buckets[$0] == nil })
    for command in try session.openCommands(inBuckets: ids.filter { buckets[$0] != nil }) {
      commands[command.ref, default: []].append(command)
    }
    // Of a row that just ends well nothing but its number is needed.
    let refs = receipts.filter {
      buckets[$0.ref.bucket] != nil
        && ($0.followUp != nil || $0.deadMessage != nil || $0.digest != nil || LaidAside.covers($0))
    }.map(\.ref)
    for row in try session.dialect.rows(refs, in: session) { stored[row.ref] = row }
    try gather(receipts)
  }

  /// Puts events into digests, but those of people who are erased.
  private mutating func gather(_ receipts: [Receipt]) throws {
    var events: [GatheredEvent] = []
    for receipt in receipts where buckets[receipt.ref.bucket] != nil {
      guard let place = receipt.digest else { continue }
      if buckets[receipt.ref.bucket]?.hasErased == true, try session.withoutPerson(receipt) != nil { continue }
      let row = try storedRow(receipt)
      events.append(
        GatheredEvent(
          ref: receipt.ref, identity: row.identity, dueAt: row.dueAt, sink: receipt.sink, place: place,
          at: receipt.doneAt))
    }
    if !events.isEmpty { digests = try session.gather(events) }
  }

  mutating func add(_ wanted: Receipt) throws {
    guard enter(wanted.ref.bucket) else { return }
    let erased = current?.hasErased == true ? try session.withoutPerson(wanted) : nil
    var receipt = erased ?? wanted
    if receipt.digest != nil, let digest = digests[receipt.ref]?[receipt.sink] { receipt.detail = "into \(digest)" }
    let row = receipt.ref.sequence
    if receipt.closes { try current?.close(row) } else { try current?.check(row) }
    note(receipt)
    if let message = receipt.deadMessage { try insertDeadLetter(receipt, message) }
    var waiting = commands[receipt.ref] ?? []
    let answered = waiting.first { $0.id == receipt.command }
    if let answered {
      waiting.removeAll { $0.id == answered.id }
      let isDone = receipt.outcome == .cancelled || receipt.outcome == .moved
      try session.answer(answered.id, isDone ? .done : .tooLate, outcome: isDone ? nil : receipt.outcome)
    }
    var isFollowed = receipt.followUp != nil
    if let followUp = receipt.followUp { try add(followUp, receipt, answered: answered, waiting: waiting) }
    if receipt.closes, erased == nil, LaidAside.covers(receipt) {
      isFollowed = try layAside(receipt, answered: answered, waiting: waiting)
    }
    if receipt.closes {
      // What was wished and not answered passes on to the row that follows; where none follows it comes too late.
      for command in waiting {
        try session.answer(
          command.id, isFollowed ? .done : .tooLate, outcome: isFollowed ? nil : receipt.outcome)
      }
      waiting = []
    }
    if commands[receipt.ref] != nil { commands[receipt.ref] = waiting }
  }

  mutating func finish() throws -> (answer: RecordAnswer, settled: [BucketID: RowSet]) {
    try write()
    leave()
    for bucket in buckets.values { try session.save(bucket, byOwner: true, now: now) }
    _ = try session.insert(followUps, now: now)
    return (RecordAnswer(fenced: fenced, earliestFollowUp: earliestFollowUp), buckets.mapValues(\.settled))
  }

  /// Makes a bucket the current one; false when it is not the caller's.
  private mutating func enter(_ id: BucketID) -> Bool {
    if current?.id == id { return true }
    leave()
    guard let bucket = buckets.removeValue(forKey: id) else { return false }
    current = bucket
    return true
  }

  private mutating func leave() {
    if let bucket = current { buckets[bucket.id] = bucket }
    current = nil
  }

  private func check(_ receipt: Receipt) throws {
    func require(_ condition: Bool, _ field: String, _ message: String) throws {
      guard condition else { throw StoreError(ModelError(field: field, message)) }
    }
    try require(
      receipt.outcome.isFinal == (receipt.followUp == nil), "follow_up",
      "must be given with retry, deferred and moved, and with nothing else; the outcome is \(receipt.outcome.rawValue)")
    try require(
      (receipt.outcome == .dead) == (receipt.deadMessage != nil), "dead_message",
      "must be given with dead, and with nothing else; the outcome is \(receipt.outcome.rawValue)")
    try require(
      receipt.digest == nil || receipt.outcome == .merged, "digest",
      "must be given with merged alone; the outcome is \(receipt.outcome.rawValue)")
  }

  private mutating func note(_ receipt: Receipt) {
    rows.append(
      ReceiptRow(
        ref: receipt.ref, sink: receipt.sink, outcome: receipt.outcome, closes: receipt.closes, code: receipt.code,
        detail: receipt.detail, externalID: receipt.externalID, startedAt: receipt.startedAt, doneAt: receipt.doneAt))
  }

  /// Writes the receipts noted so far.
  private mutating func write() throws {
    guard !rows.isEmpty else { return }
    do {
      try session.dialect.insert(rows, in: session)
      rows = []
    } catch {
      guard let failure = error as? StoreError, failure.code == .failedPrecondition else { throw error }
      let first = rows[0].ref
      throw StoreError(
        .failedPrecondition,
        "of row \(first.sequence) of bucket \(first.bucket.rawValue), or one recorded with it, there is a receipt of this sink already",
        cause: error)
    }
  }

  /// The row's identity comes from the ledger, so that a wrong one in the receipt cannot spread.
  private func storedRow(_ receipt: Receipt) throws -> LedgerRow {
    guard let row = stored[receipt.ref] else {
      throw StoreError(.corrupt, "row \(receipt.ref.sequence) of bucket \(receipt.ref.bucket.rawValue) is missing")
    }
    guard row.identity == receipt.identity else {
      throw StoreError(ModelError(field: "identity", "must be that of the row"))
    }
    return row
  }

  private mutating func resolve(_ queue: String) throws -> String {
    if let known = queues[queue] { return known }
    let resolved = try session.resolve(queue: queue)
    queues[queue] = resolved
    return resolved
  }

  private mutating func insertDeadLetter(_ receipt: Receipt, _ message: Message) throws {
    let row = try storedRow(receipt)
    if told.insert(receipt.sink).inserted {
      try session.note(
        .deadLetterCreated, sink: receipt.sink, detail: receipt.code, cause: row.identity.schedule, now: now)
    }
    try session.query(
      """
      INSERT INTO dead_letter (namespace, schedule, key, sink, due_at, died_at, attempts, code, detail, message, queue,
        time_zone)
      SELECT s.namespace, s.number, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM schedule s WHERE s.number = ?
      """
    ).run(
      row.identity.key, receipt.sink, row.dueAt, receipt.doneAt, receipt.attempt, receipt.code, receipt.detail,
      try JSONText.text(message), row.queue, row.timeZone, row.identity.schedule)
  }

  private mutating func add(
    _ followUp: FollowUp, _ receipt: Receipt, answered: StoredCommand?, waiting: [StoredCommand]
  ) throws {
    let stored = try storedRow(receipt)
    var row = NewRow(
      schedule: stored.identity.schedule, key: stored.identity.key, dueAt: followUp.dueAt, runAt: followUp.runAt,
      attempt: followUp.attempt, hop: followUp.hop, sink: followUp.sink, timeZone: stored.timeZone,
      carry: followUp.carry, firstAttemptAt: followUp.firstAttemptAt,
      rendered: try followUp.rendered.map { try JSONText.text($0) },
      expiresFrom: (followUp.expiresFrom ?? stored.expiresFrom).map {
        receipt.outcome == .moved ? max($0, followUp.dueAt) : $0
      })
    if case .move(_, _, let timeZone) = answered?.wish { row.timeZone = timeZone }
    try add(row, after: stored, queue: followUp.queue, waiting: waiting)
  }

  /// What its owner laid aside may be wanted again by now: the planner took its wish back, somebody wished otherwise, or
  /// the pause is over. Then the row is written once more, for no plan has it; answers whether it was.
  private mutating func layAside(
    _ receipt: Receipt, answered: StoredCommand?, waiting: [StoredCommand]
  ) throws -> Bool {
    try write()
    let stored = try storedRow(receipt)
    let isWanted =
      receipt.outcome == .cancelled
      ? answered == nil : try session.isResumed(stored.identity.schedule, dueAt: stored.dueAt)
    // With another sink's receipt it has begun, and is not begun again.
    guard isWanted, try session.receiptCount(receipt.ref) == 1 else {
      try session.outdatePlans(of: stored.identity.schedule)
      return false
    }
    let row = stored.moved(dueAt: stored.dueAt, runAt: stored.runAt, timeZone: stored.timeZone)
    try add(row, after: stored, queue: stored.queue, waiting: waiting)
    return true
  }

  /// Adds the row that follows another, as it is wished by those that wait for an answer.
  private mutating func add(
    _ row: NewRow, after stored: LedgerRow, queue: String, waiting: [StoredCommand]
  ) throws {
    var (row, queue) = (row, queue)
    switch Wish.sum(waiting.map(\.wish)) {
    case .cancel(let reason):
      row.closedAs = .init(outcome: .cancelled, code: WishCode.cancelled, detail: reason)
    case .withdraw(let reason):
      row.closedAs = .init(outcome: .cancelled, code: WishCode.withdrawn, detail: reason)
      try session.outdatePlans(of: stored.identity.schedule)
    case .move(let dueAt, let target, let timeZone):
      row.runAt = max(row.runAt, dueAt)
      (row.dueAt, queue, row.timeZone) = (dueAt, target, timeZone)
    case nil: break
    }
    if row.closedAs == nil { earliestFollowUp = min(earliestFollowUp ?? row.runAt, row.runAt) }
    followUps.add(row, shard: stored.shard, queue: try resolve(queue))
  }
}
