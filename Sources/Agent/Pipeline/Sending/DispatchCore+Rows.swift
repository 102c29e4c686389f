import EventModel

extension DispatchCore {
  /// Takes a loaded bucket into memory: what must not be sent is closed at once, the rest waits for its time.
  /// - Returns: false when its queue is not known; then nothing was taken.
  mutating func add(_ claimed: ClaimedBucket, _ events: [LoadedEvent], now: Moment) -> Bool {
    guard let queue = indexByName[claimed.queue] else { return false }
    // A bucket comes twice when a claim was repeated after an unclear answer; what is in memory counts.
    if buckets.find(claimed.id) != nil { return true }
    var bucket = LoadedBucket(claimed, queue: queue, events: events)
    bucket.isLeaving = isClosed(queues[queue])
    let first = buckets.insert(bucket)
    queues[queue].loaded += events.count
    for (index, event) in events.enumerated() {
      let row = RowHandle(slot: first.slot, generation: first.generation, index: Int32(index))
      switch StartRules.onLoad(event, queue: queues[queue].queue, now: now.wall) {
      case .send: queues[queue].wheel.add(row, at: event.runAt)
      case .close(let outcome, let code, let detail):
        close(row, event, outcome, code: code, detail: detail, now: now)
      }
    }
    if events.isEmpty { buckets.remove(first) }
    return true
  }

  /// Closes a whole row without a send.
  mutating func close(
    _ row: RowHandle, _ event: LoadedEvent, _ outcome: Outcome, code: String, detail: String = "",
    followUp: FollowUp? = nil, command: Int64? = nil, now: Moment
  ) {
    emit(
      Receipt(
        ref: event.ref, identity: event.identity, sink: event.sink, attempt: event.attempt, hop: event.hop,
        outcome: outcome, closes: true, code: code, detail: detail, doneAt: now.wall, followUp: followUp,
        command: command),
      row, now)
  }

  /// Ends one delivery of a routed row; the last one closes it.
  mutating func settle(_ row: RowHandle, _ receipt: Receipt, now: Moment) {
    var receipt = receipt
    let left = buckets.update(row) { bucket -> Int32 in
      bucket.rows[Int(row.index)].outstanding -= 1
      bucket.rows[Int(row.index)].hasOutcome = true
      return bucket.rows[Int(row.index)].outstanding
    }
    guard let left else { return }
    receipt.closes = left <= 0
    emit(receipt, row, now)
  }

  /// Ends a delivery that was never begun.
  mutating func settleUnsent(
    _ row: RowHandle, _ event: LoadedEvent, sink: SinkNumber, _ outcome: Outcome, code: String, detail: String = "",
    followUp: FollowUp? = nil, digest: DigestPlace? = nil, now: Moment
  ) {
    settle(
      row,
      Receipt(
        ref: event.ref, identity: event.identity, sink: sink, attempt: event.attempt, hop: event.hop, outcome: outcome,
        closes: false, code: code, detail: detail, doneAt: now.wall, followUp: followUp, digest: digest),
      now: now)
  }

  private mutating func emit(_ receipt: Receipt, _ row: RowHandle, _ now: Moment) {
    guard
      let queue = buckets.update(
        row,
        { bucket -> Int in
          bucket.unrecorded += 1
          guard receipt.closes else { return bucket.queue }
          bucket.rows[Int(row.index)].phase = .closed
          bucket.openRows -= 1
          if bucket.openRows == 0 { bucket.events = [] }
          return bucket.queue
        })
    else { return }
    if receipt.closes { queues[queue].loaded -= 1 }
    outbox.append(receipt, now: now.elapsed)
    actions.settled.append(
      PipelineEvent.Settled(
        queue: queues[queue].queue.name, sink: sinks[receipt.sink]?.sink.name ?? "", outcome: receipt.outcome,
        code: receipt.code, took: receipt.startedAt.map { receipt.doneAt - $0 }))
  }

  /// The recorder's batch is durable; receipts of fenced buckets are void, and so is all else of those.
  mutating func recorded(_ receipts: [Receipt], fenced: Set<BucketID>, isLast: Bool) {
    if isLast { outbox.finished() }
    outbox.drop(fenced)
    for id in fenced {
      if let row = buckets.find(id) { forget(row) }
    }
    var counts: [BucketID: Int] = [:]
    for receipt in receipts { counts[receipt.ref.bucket, default: 0] += 1 }
    for (id, count) in counts {
      guard let row = buckets.find(id) else { continue }
      let isDone = buckets.update(row) { bucket -> Bool in
        bucket.unrecorded -= count
        return bucket.openRows == 0 && bucket.unrecorded <= 0
      }
      if isDone == true { buckets.remove(row) }
    }
  }

  /// Drops a bucket: another agent has it, or it was given back. Its sends under way end without a trace here.
  mutating func forget(_ row: RowHandle) {
    guard let bucket = buckets.remove(row) else { return }
    queues[bucket.queue].loaded -= bucket.openRows
  }

  /// The lease is lost: nothing in memory is the agent's any more. Answers how many outcomes are void.
  mutating func forgetEverything() -> Int {
    for id in flights.ids {
      if let flight = flights[id] { actions.cancels[flight.sink, default: []].append(id) }
      endFlight(id)
    }
    for number in sinks.keys {
      sinks[number]?.endpoints = EndpointTable()
      sinks[number]?.waiting = 0
    }
    buckets.removeAll()
    for index in queues.indices {
      queues[index].wheel.removeAll()
      queues[index].lanes = [:]
      queues[index].loaded = 0
      queues[index].waiting = 0
    }
    return outbox.dropAll()
  }
}
