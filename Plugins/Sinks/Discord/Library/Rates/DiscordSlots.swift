/// Hands out the times at which what must wait comes back: one after the other, as far apart as the limits ask for. Pure.
///
/// A slot is a time and no more, and only the last ones are remembered: a line of a thousand costs as much memory as one of
/// ten.
struct DiscordSlots: Sendable, Hashable {
  /// Slots are handed out so far ahead at most: the host bounds a named wait at a day.
  static let furthestMilliseconds: Int64 = 86_400_000

  /// The last one that was handed out.
  private(set) var last: Int64 = 0
  /// Times of the last messages, sent or expected, oldest first; as many as the longest window counts.
  private var plan: [Int64] = []

  /// A message goes now that had no slot.
  mutating func unplanned(_ now: Int64, limit: Int) { note(now, limit) }

  /// The next slot, for one message.
  ///
  /// - Parameters:
  ///   - earliest: when blocks and windows allow it.
  ///   - window: the longer of the rules.
  ///   - spacing: at least so long after the slot before.
  mutating func reserve(earliest: Int64, window: DiscordWindow, spacing: Int64, now: Int64) -> Int64 {
    var slot = max(earliest, now + 1)
    if last > now { slot = max(slot, last + spacing) }
    if plan.count >= window.limit { slot = max(slot, plan[plan.count - window.limit] + Self.padded(window.length)) }
    slot = min(slot, now + Self.furthestMilliseconds)
    last = max(slot, last)
    note(slot, window.limit)
    return slot
  }

  /// Two lines that turn out to be one.
  mutating func absorb(_ other: DiscordSlots) {
    last = max(last, other.last)
    plan = Array((plan + other.plan).sorted().suffix(DiscordWindow.maximumLimit))
  }

  /// Half a percent longer: a request counts until its answer, and without this room the answers' ways would add up over a
  /// long line.
  static func padded(_ length: Int64) -> Int64 { length + length / 200 }

  /// The least distance of two messages that keeps a window's rule for ever, rounded up.
  static func spacing(_ window: DiscordWindow) -> Int64 {
    (padded(window.length) + Int64(window.limit) - 1) / Int64(window.limit)
  }

  private mutating func note(_ time: Int64, _ limit: Int) {
    plan.append(max(time, plan.last ?? time))
    if plan.count > limit { plan.removeFirst(plan.count - limit) }
  }
}
