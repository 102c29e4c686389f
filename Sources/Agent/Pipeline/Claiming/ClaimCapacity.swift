import EventModel
import Store

/// How many events of each queue may be claimed. Pure.
enum ClaimCapacity {
  /// Half of the memory is shared out by weight, so that no queue starves; the other half goes to the highest first.
  ///
  /// - Parameters:
  ///   - queues: unpaused queues, the highest priority first, with what each holds in memory.
  ///   - maximum: the most events in memory.
  static func capacity(
    of queues: [(queue: Queue, loaded: Int)], maximum: Int
  ) -> [(queue: String, events: Int)] {
    let weights = queues.reduce(0) { $0 + Int($1.queue.weight) }
    guard weights > 0 else { return [] }
    let shares = queues.map { maximum / 2 * Int($0.queue.weight) / weights }
    let common = zip(queues, shares).reduce(maximum / 2) { $0 - max($1.0.loaded - $1.1, 0) }
    var commonLeft = max(common, 0)
    var left = min(max(maximum - queues.reduce(0) { $0 + $1.loaded }, 0), Limits.claimAtOnce)
    var capacity: [(queue: String, events: Int)] = []
    // One bucket at least for each share first, so that a full claim of the highest leaves the others something.
    let floor = min(LedgerLimits.eventsPerBucket, left / max(queues.count, 1))
    var kept = floor * queues.count
    for (index, entry) in queues.enumerated() {
      kept -= floor
      let own = max(shares[index] - entry.loaded, 0)
      let events = min(own + commonLeft, max(left - kept, 0))
      commonLeft -= max(events - own, 0)
      left -= events
      if events > 0 { capacity.append((entry.queue.name, events)) }
    }
    return capacity
  }
}
