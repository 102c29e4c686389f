import EventModel

/// A day of UTC, as buckets' numbers carry it: the day of the bucket's minute in the bits from the 40th, and a number that
/// grows with every bucket in those below. 2⁴⁰ buckets are a million a second for twelve days; at the design's load they
/// last for thousands of years.
struct BucketDay: Hashable, Comparable, Sendable {
  /// Bits of a bucket's number that say when it was made.
  static let orderBits: Int64 = 40
  /// The mask of those bits.
  static let orderMask: Int64 = 1 << orderBits - 1
  /// A day in microseconds.
  static let length: Int64 = 86_400_000_000

  /// Days since 1970.
  var number: Int64

  init(number: Int64) {
    self.number = number
  }

  /// The day of a moment. Moments before 1970, and after 24,855 years, have no day.
  init?(_ time: Timestamp) {
    guard time.microseconds >= 0 else { return nil }
    number = time.microseconds / Self.length
  }

  init(_ bucket: BucketID) {
    number = bucket.rawValue >> Self.orderBits
  }

  static func < (a: BucketDay, b: BucketDay) -> Bool { a.number < b.number }

  var next: BucketDay { BucketDay(number: number + 1) }

  /// The first bucket's number that a day can have.
  var firstBucket: Int64 { number << Self.orderBits }

  /// When it begins.
  var start: Timestamp { Timestamp(microseconds: number * Self.length) }

  /// What its partitions' names end with: days since 1970, which needs no calendar to read back.
  var suffix: String { "_d\(number)" }

  /// The day of a partition's name.
  init?(partition name: String) {
    guard let mark = name.lastIndex(of: "d"), let number = Int64(name[name.index(after: mark)...]) else { return nil }
    self.number = number
  }
}
