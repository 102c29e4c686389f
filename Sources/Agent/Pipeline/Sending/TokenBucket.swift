import EventModel

/// A rate limit: so many a second, and at most a second's worth saved up.
struct TokenBucket: Hashable, Sendable {
  private(set) var ratePerSecond: Double
  private var tokens: Double
  private var filledAt: TimeSpan

  /// Makes a full bucket; its rate is over 0.
  init(ratePerSecond: Double, now: TimeSpan) {
    self.ratePerSecond = ratePerSecond
    self.tokens = max(1, ratePerSecond)
    self.filledAt = now
  }

  /// Whole tokens there are.
  mutating func available(now: TimeSpan) -> Int {
    let passed = max((now - filledAt).inSeconds, 0)
    tokens = min(tokens + passed * ratePerSecond, max(1, ratePerSecond))
    filledAt = max(now, filledAt)
    return Int(tokens)
  }

  /// Takes tokens that `available` has shown.
  mutating func take(_ count: Int) { tokens -= Double(count) }

  /// Changes the rate; what is saved up stays, within the new bound.
  mutating func setRate(_ rate: Double, now: TimeSpan) {
    guard rate != ratePerSecond else { return }
    _ = available(now: now)
    ratePerSecond = rate
    tokens = min(tokens, max(1, rate))
  }

  /// An agent's share of a rate of the fleet, with what an older bucket has saved up; nil: unlimited.
  static func share(
    of rate: Double?, among agents: Int, after old: TokenBucket? = nil, now: TimeSpan
  ) -> TokenBucket? {
    guard let share = rate.map({ $0 / Double(agents) }) else { return nil }
    guard var bucket = old else { return TokenBucket(ratePerSecond: share, now: now) }
    bucket.setRate(share, now: now)
    return bucket
  }

  /// How long until there is one token.
  var waitForOne: TimeSpan {
    guard tokens < 1 else { return .zero }
    // Whoever waits looks again after a second anyway; the bound also keeps a tiny rate from overflowing.
    return TimeSpan(microseconds: Int64(min((1 - tokens) / ratePerSecond, 1) * 1_000_000) + 1)
  }
}
