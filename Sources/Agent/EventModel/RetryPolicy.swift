/// When a failed delivery is tried again: exponential backoff with full jitter, under two bounds.
///
/// Full jitter (a uniform draw between nothing and the exponential bound) spreads retries best; see "Exponential Backoff
/// And Jitter", AWS Architecture Blog, 2015.
public struct RetryPolicy: Hashable, Sendable, Codable {
  /// Attempts in all, the first included; at least 1.
  public var attempts: Int32
  /// The bound of the wait after the first attempt.
  public var base: TimeSpan
  /// The bound that no computed wait passes.
  public var cap: TimeSpan

  /// The longest wait that the other side may name (`Retry-After`).
  public static let namedWaitCap = TimeSpan.hours(24)

  /// Makes a policy.
  public init(attempts: Int32, base: TimeSpan, cap: TimeSpan) {
    self.attempts = attempts
    self.base = base
    self.cap = cap
  }

  /// How long to wait after attempt number `attempt` (from 1) failed.
  ///
  /// - Parameters:
  ///   - named: the wait that the other side named; it is never shortened, save to 24 hours.
  ///   - fraction: a random number in 0..<1.
  public func wait(afterAttempt attempt: Int32, named: TimeSpan?, fraction: Double) -> TimeSpan {
    let jittered = Int64(Double(bound(afterAttempt: attempt).microseconds) * fraction)
    let wait = max(jittered, Self.minimumWait.microseconds)
    guard let named else { return TimeSpan(microseconds: wait) }
    let bounded = min(max(named, .zero), Self.namedWaitCap)
    // Full jitter on top of a named wait, at most a tenth of it: whoever was told "60 s" must not all come at 60.0 s.
    let spread = Int64(Double(min(bounded.microseconds / 10, base.microseconds)) * fraction)
    return TimeSpan(microseconds: max(bounded.microseconds + spread, Self.minimumWait.microseconds))
  }

  /// The shortest wait: a retry in the same millisecond helps nobody.
  public static let minimumWait = TimeSpan.milliseconds(50)

  private func bound(afterAttempt attempt: Int32) -> TimeSpan {
    let doublings = min(max(Int(attempt) - 1, 0), 40)
    let (value, overflow) = base.microseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
    return overflow ? cap : min(TimeSpan(microseconds: value), cap)
  }
}
