/// A rate limit: so many requests in a window of time. Pure; the caller tells the time.
struct DiscordBucket: Equatable {
  /// What Discord is known to allow a webhook; its answers tell.
  static let webhook = DiscordBucket(limit: 5, windowMilliseconds: 2_000)
  /// What it allows a channel; no answer tells.
  static let channel = DiscordBucket(limit: 30, windowMilliseconds: 60_000)

  let limit: Int
  let windowMilliseconds: Int64
  private(set) var remaining: Int
  private var endsAt: Int64 = 0

  init(limit: Int, windowMilliseconds: Int64) {
    self.limit = limit
    self.windowMilliseconds = windowMilliseconds
    remaining = limit
  }

  /// Whether one more request is let through, and in how many milliseconds the window ends.
  mutating func take(now: Int64) -> (isAllowed: Bool, resetAfter: Int64) {
    if now >= endsAt {
      endsAt = now + windowMilliseconds
      remaining = limit
    }
    let isAllowed = remaining > 0
    if isAllowed { remaining -= 1 }
    return (isAllowed, endsAt - now)
  }
}

/// What one webhook, the only one of its channel, is let through.
struct DiscordBuckets: Equatable {
  /// What is answered to one request.
  struct Rate: Equatable {
    /// What is left of the webhook's own.
    var remaining: Int
    /// In how many milliseconds that is whole again.
    var resetAfter: Int64
    /// How many milliseconds to wait; nil when it is let through.
    var wait: Int64?
    /// Whether it is the channel's limit: then some of the webhook's own are left.
    var isShared = false
  }

  private var webhook = DiscordBucket.webhook
  private var channel = DiscordBucket.channel

  /// Takes one request.
  mutating func take(now: Int64) -> Rate {
    let own = webhook.take(now: now)
    var rate = Rate(remaining: webhook.remaining, resetAfter: own.resetAfter)
    if !own.isAllowed {
      rate.wait = own.resetAfter
    } else {
      let shared = channel.take(now: now)
      rate.isShared = !shared.isAllowed
      rate.wait = shared.isAllowed ? nil : shared.resetAfter
    }
    return rate
  }
}
