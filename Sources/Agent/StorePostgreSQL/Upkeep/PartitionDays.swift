import EventModel
import Synchronization

/// The days that this program knows to have partitions.
final class PartitionDays: Sendable {
  /// Days that rows are to be put into, and that have no partitions as far as is known.
  struct Missing: Error {
    var days: Set<BucketDay>
  }

  private let known = Mutex<Set<BucketDay>>([])

  func add(_ days: some Sequence<BucketDay>) {
    known.withLock { $0.formUnion(days) }
  }

  func remove(_ days: some Sequence<BucketDay>) {
    known.withLock { $0.subtract(days) }
  }

  func removeAll() { known.withLock { $0 = [] } }

  func missing(_ days: Set<BucketDay>) -> Set<BucketDay> {
    known.withLock { days.subtracting($0) }
  }

  /// - Throws: `Missing`, before anything is written, so that they can be made and the transaction be run again.
  func require(_ minutes: [Timestamp]) throws {
    let days = missing(Set(minutes.compactMap { BucketDay($0) }))
    guard days.isEmpty else { throw Missing(days: days) }
  }
}
