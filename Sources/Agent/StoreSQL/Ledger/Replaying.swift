import EventModel
import Store

/// A dead letter with what a new attempt needs. Its event's rows may be gone by now: letters are kept apart.
private struct StoredLetter {
  var identity: EventIdentity
  var sink: SinkNumber
  var dueAt: Timestamp
  var queue: String
  var timeZone: String
  var message: String
}

extension Session {
  /// Writes the row of a new first attempt, and removes the letter.
  func replayDeadLetter(_ namespace: String, _ id: Int64, now: Timestamp) throws
    -> (result: ChangeResult, schedule: ScheduleNumber)
  {
    let letter = try storedLetter(namespace, id)
    try requireSink(of: letter, id)
    let slot = try requireSchedule(of: letter, id)
    var rows = NewRows()
    rows.add(
      NewRow(
        schedule: letter.identity.schedule, key: letter.identity.key, dueAt: letter.dueAt, runAt: now,
        sink: letter.sink, timeZone: letter.timeZone, rendered: letter.message, expiresFrom: now),
      shard: Shard(zoneGroup: Shard(timeZone: letter.timeZone, owner: "").zoneGroup, slot: slot),
      queue: try queueToReplay(letter.queue))
    _ = try insert(rows, now: now)
    try removeLetter(id)
    return (ChangeResult(effect: .deleted, revision: 0), letter.identity.schedule)
  }

  func discardDeadLetter(_ namespace: String, _ id: Int64, reason: String) throws
    -> (result: ChangeResult, schedule: ScheduleNumber)
  {
    try checkReason(reason)
    let schedule = try storedLetter(namespace, id).identity.schedule
    try removeLetter(id)
    try eraseShell(schedule)
    return (ChangeResult(effect: .deleted, revision: 0), schedule)
  }

  private func storedLetter(_ namespace: String, _ id: Int64) throws -> StoredLetter {
    let letter = try self.namespace(namespace).flatMap { home in
      try query(
        "SELECT schedule, key, sink, due_at, queue, time_zone, message FROM dead_letter WHERE id = ? AND namespace = ?"
      ).first(id, home) {
        StoredLetter(
          identity: EventIdentity(schedule: ScheduleNumber(rawValue: $0.int64(0)), key: $0.text(1)),
          sink: SinkNumber(rawValue: $0.int64(2)), dueAt: $0.time(3), queue: $0.text(4), timeZone: $0.text(5),
          message: $0.text(6))
      }
    }
    guard let letter else { throw StoreError.missing("dead letter", "\(id)") }
    return letter
  }

  private func removeLetter(_ id: Int64) throws {
    try query("DELETE FROM dead_letter WHERE id = ?").run(id)
  }

  /// To a sink that takes nothing the replay would be skipped, and the letter be lost by it.
  private func requireSink(of letter: StoredLetter, _ id: Int64) throws {
    let sink = try query("SELECT name, is_deleted, disabled_reason FROM sink WHERE number = ?").first(letter.sink) {
      (name: $0.text(0), isDeleted: $0.bool(1), disabled: $0.optionalText(2))
    }
    guard let sink else { throw StoreError(.failedPrecondition, "dead letter \(id) was for no sink that there is") }
    guard !sink.isDeleted else {
      throw StoreError(.failedPrecondition, "dead letter \(id) was for sink \"\(sink.name)\", which was deleted")
    }
    if let disabled = sink.disabled {
      throw StoreError(
        .failedPrecondition,
        "dead letter \(id) is for sink \"\(sink.name)\", which is disabled (\(disabled)); enable it first")
    }
  }

  /// The same for a schedule that rests. Answers the slot of its shard.
  private func requireSchedule(of letter: StoredLetter, _ id: Int64) throws -> Int32 {
    let number = letter.identity.schedule
    let slot = try query(
      "SELECT p.slot FROM schedule s JOIN plan p ON p.schedule = s.number WHERE s.number = ? AND s.state <> ?"
    ).first(number, Schedule.State.deleted.code) { $0.int32(0) }
    guard let slot else { throw StoreError(.failedPrecondition, "the schedule of dead letter \(id) was deleted") }
    guard try !isResting(number) else {
      throw StoreError(
        .failedPrecondition, "the schedule of dead letter \(id), or its user, is paused; resume it first")
    }
    return slot
  }

  /// The queue that it died in, or that this one's events were moved to.
  private func queueToReplay(_ name: String) throws -> String {
    if try queueExists(name) { return name }
    return try query("SELECT queue FROM queue_alias WHERE name = ?").first(name) { $0.text(0) } ?? Queue.normal.name
  }
}
