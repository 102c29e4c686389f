import EventModel
import Store

extension Session {
  /// A plan names an occurrence that has an open row. When its owner was asked to withdraw that row and did not answer, the
  /// wish is taken back: for the row would end, and no plan would have the occurrence any more. An owner that has done it
  /// already is told so by its receipt, and the row is written once more (see `Recording`).
  func wantAgain(_ event: PlannedEvent, _ identity: EventIdentity, now: Timestamp) throws {
    guard event.closedAs == nil else { return }
    let asked = try query(
      """
      SELECT c.id, c.bucket, c.seq FROM event e INDEXED BY event_identity
        CROSS JOIN command c INDEXED BY command_open ON c.bucket = e.bucket AND c.seq = e.seq
      WHERE e.schedule = ? AND e.key = ? AND c.state = 0 AND c.kind = ?
      """
    ).all(identity.schedule, identity.key, CommandKind.withdraw.rawValue) {
      (id: $0.int64(0), ref: EventRef(bucket: BucketID(rawValue: $0.int64(1)), sequence: $0.int32(2)))
    }
    for command in asked { try answer(command.id, .tooLate, outcome: nil) }
    for ref in Set(asked.map(\.ref)) {
      guard let row = try row(ref), row.dueAt != event.dueAt || row.queue != event.queue else { continue }
      let wish = Wish.move(dueAt: event.dueAt, queue: event.queue, timeZone: event.timeZone)
      if row.allows(wish) { _ = try apply(wish, row, request: nil, now: now) }
    }
  }
}
