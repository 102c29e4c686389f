import EventModel

/// Whether sends may start: only under a fresh lease, and only while outcomes become durable. Pure.
struct SendGate: Hashable, Sendable {
  /// Why no send may start.
  enum Reason: String, Hashable, Sendable {
    /// The last successful renewal of the lease began too long ago, or there was none.
    case lease = "lease not renewed"
    /// Too many outcomes wait to be recorded.
    case tooManyUnrecorded = "too many outcomes not recorded"
    /// An outcome waits too long to be recorded.
    case unrecordedTooLong = "outcomes not recorded for too long"
  }

  /// When the last successful renewal began, on the clock that never jumps; nil before the first, or after its loss.
  var renewalBegan: TimeSpan?
  /// Outcomes that wait to be recorded.
  var unrecorded = 0
  /// Since when the oldest of them waits.
  var oldestUnrecorded: TimeSpan?
  /// How long a renewal counts.
  var countsFor = Limits.renewalCountsFor

  /// Why no send may start now; nil when it may.
  func closed(now: TimeSpan) -> Reason? {
    guard let renewalBegan, now - renewalBegan <= countsFor else { return .lease }
    if unrecorded > Limits.mostUnrecorded { return .tooManyUnrecorded }
    if let oldestUnrecorded, now - oldestUnrecorded > Limits.longestUnrecorded { return .unrecordedTooLong }
    return nil
  }
}
