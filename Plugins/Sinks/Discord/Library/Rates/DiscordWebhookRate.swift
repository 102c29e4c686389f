/// What one webhook may do: the documented rule until its answers say otherwise, what the last answer left, and a block.
struct DiscordWebhookRate: Sendable, Hashable {
  /// What an answer said is left, until its window ends.
  private struct Told: Sendable, Hashable {
    var left: Int
    var until: Int64
  }

  /// Ends of windows that differ by less are the same window's, told on different ways.
  static let toleranceMilliseconds: Int64 = 300

  var window: DiscordWindow
  /// Names the channel's rate.
  var channel: String
  var usedAt: Int64 = 0
  private(set) var blockedUntil: Int64 = 0
  private var told: Told?

  init(window: DiscordWindow, channel: String) {
    self.window = window
    self.channel = channel
  }

  /// Whether one more message may go now.
  func isOpen(_ now: Int64) -> Bool { now >= blockedUntil && window.isOpen(now) && isLeft(1, now) }

  /// When so many more messages may go.
  func opens(places: Int, now: Int64) -> Int64 {
    var time = max(blockedUntil, window.opens(places: places, now: now))
    if let told, !isLeft(places, now) { time = max(time, told.until) }
    return time
  }

  /// A message begins.
  mutating func begin(_ now: Int64) {
    usedAt = now
    window.begin(now)
    told?.left -= 1
  }

  /// Nothing more until then.
  mutating func block(until time: Int64) { blockedUntil = max(blockedUntil, time) }

  /// Learns what is left of the bucket. What is under way may be counted in it or not; it is taken as not.
  mutating func learn(remaining: Int, resetAfter: Int64, now: Int64) {
    let new = Told(left: remaining - window.underWay, until: now + resetAfter)
    guard let old = told, now < old.until else {
      told = new
      return
    }
    if new.until > old.until + Self.toleranceMilliseconds {
      told = new
    } else if new.until >= old.until - Self.toleranceMilliseconds {
      told = Told(left: min(old.left, new.left), until: max(old.until, new.until))
    }
  }

  private func isLeft(_ places: Int, _ now: Int64) -> Bool {
    guard let told, now < told.until else { return true }
    return told.left >= places
  }
}
