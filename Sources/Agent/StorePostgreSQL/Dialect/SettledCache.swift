import EventModel
import StoreSQL
import Synchronization

/// Which rows of the buckets that this program's agents own have their closing receipts, as far as it wrote them itself.
/// Only an owner writes closing receipts, so that what it wrote is all there is: recording need not read them again.
///
/// It is told only of transactions that are committed for certain. In all doubt a bucket is forgotten, and its receipts are
/// asked.
final class SettledCache: Sendable {
  /// The most buckets that it knows: 2,000 rows are 250 bytes.
  private static let maximumBuckets = 20_000

  private struct Entry {
    var epoch: Int64
    var rows: RowSet
  }

  private let entries = Mutex<[BucketID: Entry]>([:])

  func rows(of bucket: BucketID, epoch: Int64) -> RowSet? {
    entries.withLock { entries in entries[bucket].flatMap { $0.epoch == epoch ? $0.rows : nil } }
  }

  func set(_ rows: RowSet, of bucket: BucketID, epoch: Int64) {
    entries.withLock { entries in
      if entries.count >= Self.maximumBuckets { entries.removeAll() }
      entries[bucket] = Entry(epoch: epoch, rows: rows)
    }
  }

  func forget(_ buckets: some Sequence<BucketID>) {
    entries.withLock { entries in
      for bucket in buckets { entries[bucket] = nil }
    }
  }
}
