import EventModel
import Store

extension DispatchCore {
  /// Agents joined: of what is claimed ahead of its time, lets go of what is beyond the new fair share, bucket by bucket,
  /// the latest first. What is nearer than ``ClaimShare/reservedUntil`` stays: to move it would make it late.
  mutating func makeRoom(for agents: Int, after before: Int, now: Moment) {
    guard before >= 1, agents > before else { return }
    for index in queues.indices {
      let ahead = claimedAhead(ofQueue: index, now: now)
      let held = ahead.reduce(0) { $0 + $1.events }
      var surplus = held - (held * before + agents - 1) / agents
      for (row, events) in ahead.reversed() where events <= surplus {
        buckets.update(row) { $0.isLeaving = true }
        surplus -= events
      }
    }
  }

  /// Buckets of which nothing was begun and whose minute is far enough ahead, the earliest first.
  private func claimedAhead(ofQueue index: Int, now: Moment) -> [(row: RowHandle, events: Int)] {
    var ahead: [(row: RowHandle, minute: Timestamp, events: Int)] = []
    for row in buckets.all {
      buckets.read(row) { bucket in
        guard bucket.queue == index, !bucket.isLeaving,
          bucket.claimed.minute > now.wall + ClaimShare.reservedUntil
        else { return }
        ahead.append((row, bucket.claimed.minute, bucket.openRows))
      }
    }
    return ahead.sorted { $0.minute < $1.minute }.map { ($0.row, $0.events) }
  }
}
