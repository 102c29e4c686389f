import EventModel

/// How far the store's clock is ahead of this machine's. Pure.
enum ClockCorrection {
  /// Judges one reading of the store's clock, taken between two of one's own. A difference that the duration of the
  /// question alone explains is none.
  static func offset(asked: Timestamp, store: Timestamp, answered: Timestamp) -> TimeSpan? {
    let halfTrip = TimeSpan(microseconds: max((answered - asked).microseconds, 0) / 2)
    guard halfTrip <= longestHalfTrip else { return nil }
    let offset = store - (asked + halfTrip)
    let isNone = abs(offset.microseconds) <= halfTrip.microseconds + certainty.microseconds
    return isNone ? .zero : offset
  }

  /// A slower answer says too little.
  static let longestHalfTrip = TimeSpan.milliseconds(100)
  /// Clocks that agree to this are the same clock.
  static let certainty = TimeSpan.milliseconds(1)
}
