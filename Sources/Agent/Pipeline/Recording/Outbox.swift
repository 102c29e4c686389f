import DequeModule
import EventModel

/// Outcomes that wait to be recorded, in the order they became known. A row's closing receipt is its last here too.
struct Outbox: Sendable {
  private struct Entry {
    var receipt: Receipt
    var since: TimeSpan
  }

  private var entries: Deque<Entry> = []
  /// Taken by the recorder and not yet durable.
  private var taken: (count: Int, since: TimeSpan)?

  /// Everything that is not durable yet.
  var count: Int { entries.count + (taken?.count ?? 0) }
  /// What the recorder has not taken yet.
  var waiting: Int { entries.count }
  /// Since when the oldest that the recorder has not taken waits.
  var waitingSince: TimeSpan? { entries.first?.since }
  /// Since when the oldest that is not durable waits.
  var oldest: TimeSpan? { taken?.since ?? entries.first?.since }

  mutating func append(_ receipt: Receipt, now: TimeSpan) { entries.append(Entry(receipt: receipt, since: now)) }

  /// Hands out the oldest; they stay counted until `finished`.
  mutating func take(atMost limit: Int) -> [Receipt] {
    guard let since = entries.first?.since else { return [] }
    let batch = entries.prefix(limit).map(\.receipt)
    entries.removeFirst(batch.count)
    taken = (batch.count, since)
    return batch
  }

  /// What was taken is durable, or void.
  mutating func finished() { taken = nil }

  /// Forgets what is void: the receipts of buckets that the agent no longer owns.
  mutating func drop(_ buckets: Set<BucketID>) {
    entries.removeAll { buckets.contains($0.receipt.ref.bucket) }
  }

  /// Forgets everything; answers how many.
  mutating func dropAll() -> Int {
    defer {
      entries = []
      taken = nil
    }
    return count
  }
}
