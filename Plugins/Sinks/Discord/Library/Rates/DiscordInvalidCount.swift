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

  /// Whether any are counted.
  func isCounting(_ now: Int64) -> Bool { count > 0 && now < endsAt }

  /// When something may be sent again; nil when it may now.
  func restsUntil(now: Int64) -> Int64? { count >= Self.limit && now < endsAt ? endsAt : nil }
}
