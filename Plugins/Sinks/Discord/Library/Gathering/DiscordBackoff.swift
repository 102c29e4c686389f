/// How long until a message that may stand in the channel is sent again. Its events share the wait, so that they come back
/// together; the queue's own waits are drawn for each of them.
enum DiscordBackoff {
  static let baseMilliseconds: Int64 = 5_000
  static let capMilliseconds: Int64 = 60_000

  /// Exponential, the half of it by lot: from 2.5 to 5 s after the first attempt, up to a minute later.
  ///
  /// - Parameter seed: draws the lot; the same for the same message.
  static func milliseconds(afterAttempt attempt: Int, seed: UInt64) -> Int64 {
    let bound = min(baseMilliseconds << Int64(min(max(attempt - 1, 0), 8)), capMilliseconds)
    return bound / 2 + Int64(mixed(seed) % UInt64(bound / 2))
  }

  /// Spreads numbers that follow one another (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
  private static func mixed(_ seed: UInt64) -> UInt64 {
    var z = seed &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
