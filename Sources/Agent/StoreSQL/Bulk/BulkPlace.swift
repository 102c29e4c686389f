import EventModel
import Store

/// Where a walk through the open buckets stands: they are passed by queue, minute and number, their rows by sequence. What
/// is behind it was looked at; a bucket that is made behind it later is not.
struct BulkPlace: Hashable {
  var queue = ""
  var minute = Timestamp(microseconds: .min)
  var bucket = BucketID(rawValue: .min)
  /// The last row that was looked at; -1: none.
  var row: Int32 = -1

  static let start = BulkPlace()

  /// Whether all rows of the bucket were looked at.
  var isBehindBucket: Bool { row == .max }

  init() {}

  init(queue: String, minute: Timestamp, bucket: BucketID, row: Int32) {
    self.queue = queue
    self.minute = minute
    self.bucket = bucket
    self.row = row
  }

  /// Reads a step's cursor; an empty one is the start.
  init(cursor: String) throws(StoreError) {
    self.init()
    if cursor.isEmpty { return }
    let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, !parts[0].isEmpty, let minute = Int64(parts[1]), let bucket = Int64(parts[2]),
      let row = Int32(parts[3])
    else {
      throw StoreError(ModelError(field: "cursor", "must be the one of the step before, as it was answered"))
    }
    self = BulkPlace(
      queue: String(parts[0]), minute: Timestamp(microseconds: minute), bucket: BucketID(rawValue: bucket), row: row)
  }

  var cursor: String { "\(queue).\(minute.microseconds).\(bucket.rawValue).\(row)" }
}
