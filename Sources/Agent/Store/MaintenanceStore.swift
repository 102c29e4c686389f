public import EventModel

/// What retention removed.
public struct RetentionAnswer: Hashable, Sendable {
  /// Buckets removed, with their rows and receipts.
  public var buckets: Int
  /// Dead letters removed.
  public var deadLetters: Int
  /// Whether more is left to remove: call again.
  public var isPartial: Bool

  /// Makes an answer.
  public init(buckets: Int, deadLetters: Int, isPartial: Bool) {
    self.buckets = buckets
    self.deadLetters = deadLetters
    self.isPartial = isPartial
  }
}

/// Upkeep, away from the hot path.
public protocol MaintenanceStore: Sendable {
  /// Removes history of minutes before `history`, never of an open bucket, and dead letters from before `deadLetters`; a
  /// bounded amount a call.
  func dropHistory(before history: Timestamp, deadLettersBefore: Timestamp) async throws(StoreError) -> RetentionAnswer

  /// Closes rows whose queue's expiry has passed and whose bucket nobody owns, as `expired`; a bounded number a call.
  /// Answers how many. (Owned rows are their owner's to close.)
  func expire(now: Timestamp) async throws(StoreError) -> Int

  /// Looks at the store's health and says what it found, one finding for each check at least. Takes up to some seconds.
  /// - Parameter horizon: how far ahead events are planned.
  func diagnose(horizon: TimeSpan, now: Timestamp) async throws(StoreError) -> [StoreFinding]
}
