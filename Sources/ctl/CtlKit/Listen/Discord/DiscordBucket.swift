/// One webhook's rate limit: so many requests in a window of time. Pure; the caller tells the time.
struct DiscordBucket: Equatable {
  /// What Discord is known to allow a webhook.
  static let limit = 5
  static let windowMilliseconds: Int64 = 2_000

  private(set) var remaining = limit
  private var endsAt: Int64 = 0

  /// Whether one more request is let through, and in how many milliseconds the window ends.
  mutating func take(now: Int64) -> (isAllowed: Bool, resetAfter: Int64) {
    if now >= endsAt {
      endsAt = now + Self.windowMilliseconds
      remaining = Self.limit
    }
    let isAllowed = remaining > 0
    if isAllowed { remaining -= 1 }
    return (isAllowed, endsAt - now)
  }
}
