/// Keeps one webhook's rate: what may be sent now, and when the rest may come. Pure; the caller tells the time, in
/// milliseconds of a clock that never steps.
///
/// What cannot go now gets a slot of its own, one after the other, and comes back at it: ten thousand that wait come back
/// one by one, and not all at once every two seconds.
struct DiscordPacer: Sendable, Hashable {
  /// So many requests in a window of time.
  private struct Window: Sendable, Hashable {
    var limit: Int
    let length: Int64
    var used = 0
    var endsAt: Int64 = 0

    mutating func roll(_ now: Int64) {
      guard now >= endsAt else { return }
      endsAt = now + length
      used = 0
    }
  }

  /// What is done with a delivery.
  enum Verdict: Sendable, Hashable {
    /// Send it.
    case go
    /// Come back at this time; it is kept for you.
    case wait(until: Int64)
  }

  /// What Discord is known to allow, until it says otherwise: 5 in 2 s for a webhook, 30 in 60 s for its channel.
  static let shortLimit = 5
  static let shortMilliseconds: Int64 = 2_000
  static let longLimit = 30
  static let longMilliseconds: Int64 = 60_000
  /// Slots are handed out so far ahead at most: the host bounds a named wait at a day.
  static let furthestMilliseconds: Int64 = 86_400_000

  private var short = Window(limit: shortLimit, length: shortMilliseconds)
  private var long = Window(limit: longLimit, length: longMilliseconds)
  private var blockedUntil: Int64 = 0
  private var lastSlot: Int64 = 0

  /// Asks for one delivery.
  ///
  /// - Parameter slot: the time it was told before; nil for one that comes for the first time.
  mutating func ask(slot: Int64?, now: Int64) -> Verdict {
    short.roll(now)
    long.roll(now)
    let isQueued = slot.map { $0 <= now } ?? (lastSlot <= now)
    if isQueued, now >= blockedUntil, short.used < short.limit, long.used < long.limit {
      short.used += 1
      long.used += 1
      return .go
    }
    if let slot, slot > now { return .wait(until: slot) }
    return .wait(until: nextSlot(now))
  }

  /// A place in the line: after everybody else's, when the windows and a block allow it again.
  private mutating func nextSlot(_ now: Int64) -> Int64 {
    let spacing = max(long.length / Int64(max(long.limit, 1)), short.length / Int64(max(short.limit, 1)))
    var earliest = max(now + 1, blockedUntil)
    if long.used >= long.limit {
      earliest = max(earliest, long.endsAt)
    } else if short.used >= short.limit {
      earliest = max(earliest, short.endsAt)
    }
    let slot = lastSlot > now ? max(lastSlot + spacing, earliest) : earliest
    lastSlot = min(slot, now + Self.furthestMilliseconds)
    return lastSlot
  }

  /// Learns from an answer's fields: the bucket's size, what is left of it, and when it is whole again (milliseconds).
  mutating func learn(limit: Int?, remaining: Int?, resetAfter: Int64?, now: Int64) {
    if let limit, 1...10_000 ~= limit { short.limit = limit }
    if let remaining, remaining <= 0, let resetAfter { block(for: resetAfter, now: now) }
  }

  /// Nothing more for so long.
  mutating func block(for milliseconds: Int64, now: Int64) {
    blockedUntil = max(blockedUntil, now + min(max(milliseconds, 0), Self.furthestMilliseconds))
  }
}

/// Counts the answers that Discord bans an address for (401, 403 and 429: over 10,000 in ten minutes), and stops long before.
struct DiscordInvalidCount: Sendable, Hashable {
  /// A twentieth of what leads to a ban.
  static let limit = 500
  static let windowMilliseconds: Int64 = 600_000

  private var count = 0
  private var endsAt: Int64 = 0

  /// One more such answer.
  mutating func add(now: Int64) {
    if now >= endsAt {
      endsAt = now + Self.windowMilliseconds
      count = 0
    }
    count += 1
  }

  /// How long nothing may be sent at all; nil when it may.
  func rest(now: Int64) -> Int64? { count >= Self.limit && now < endsAt ? endsAt - now : nil }
}
