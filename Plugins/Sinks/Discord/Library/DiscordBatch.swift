import PluginKit0

/// How many events share a message, and how long one waits for others.
struct DiscordBatch: Sendable, Hashable {
  static let waitRange: ClosedRange<Int64> = 0...1_000
  static let defaultWaitMilliseconds: Int64 = 25

  let events: Int
  let waitMilliseconds: Int64

  /// Embeds share a message unless told otherwise, but for a forum, where each event is a post to talk about.
  init(_ object: JSONObject?, style: DiscordConfiguration.Style, isForum: Bool) {
    let usual = style == .embed && !isForum ? DiscordLimits.embeds : 1
    events = min(max(Int(clamping: object?["events"]?.integer ?? Int64(usual)), 1), DiscordLimits.embeds)
    let wait = object?["wait_ms"]?.integer ?? Self.defaultWaitMilliseconds
    waitMilliseconds = min(max(wait, Self.waitRange.lowerBound), Self.waitRange.upperBound)
  }
}
