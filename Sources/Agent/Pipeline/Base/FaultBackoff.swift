import EventModel

/// Waits that double while the store fails.
struct FaultBackoff: Hashable, Sendable {
  private var faults = 0

  /// How long to wait after one more fault.
  mutating func next() -> TimeSpan {
    defer { faults += 1 }
    return Limits.shortestFaultWait.doubled(times: faults, cap: Limits.longestFaultWait)
  }
}
