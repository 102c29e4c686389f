import EventModel

extension DispatchCore {
  /// Does what others ask of rows in memory, as long as no send of the row has begun. What comes too late is left: the
  /// row's own outcome answers it. A command about a row that is not in memory yet comes again with the next renewal.
  mutating func apply(_ commands: [Command], now: Moment) {
    for command in commands {
      guard let row = row(of: command.ref), let event = buckets.event(row), let state = buckets.state(row),
        state.phase == .waiting || state.phase == .routed
      else { continue }
      // Sinks that are done with it, or that a deferral waits for, would get what follows as well.
      let hasBegun = !event.settledSinks.isEmpty || state.hasOutcome
      switch command.kind {
      case .withdraw where hasBegun, .move where hasBegun: continue
      case .cancel(let reason):
        close(
          row, event, .cancelled, code: SkipReason.requested.rawValue, detail: reason, command: command.id, now: now)
      case .withdraw(let reason):
        close(
          row, event, .cancelled, code: SkipReason.withdrawn.rawValue, detail: reason, command: command.id, now: now)
      case .move(let dueAt, let queue):
        let followUp = FollowUp(
          runAt: max(dueAt, now.wall), dueAt: dueAt, queue: queue, attempt: event.attempt, hop: event.hop,
          sink: event.sink, rendered: event.rendered, carry: event.carry, firstAttemptAt: event.firstAttemptAt,
          expiresFrom: event.expiresFrom)
        close(row, event, .moved, code: "moved", followUp: followUp, command: command.id, now: now)
      }
    }
  }

  private mutating func row(of ref: EventRef) -> RowHandle? {
    guard var row = buckets.find(ref.bucket) else { return nil }
    let index = buckets.update(row) { bucket -> Int32? in
      guard !bucket.events.isEmpty else { return nil }
      if bucket.rowBySequence == nil {
        bucket.rowBySequence = Dictionary(
          bucket.events.enumerated().map { ($1.ref.sequence, Int32($0)) }, uniquingKeysWith: { first, _ in first })
      }
      return bucket.rowBySequence?[ref.sequence]
    }
    guard let index, let found = index else { return nil }
    row.index = found
    return row
  }
}
