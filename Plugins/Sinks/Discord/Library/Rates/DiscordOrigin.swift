/// What one server allows all that this process sends it: a rate overall, a block for everything, and a count of refusals.
struct DiscordOrigin: Sendable, Hashable {
  /// What Discord allows an address, in a second.
  static let limit = 50
  static let windowMilliseconds: Int64 = 1_000
  /// Slots in one second: fewer than allowed, for what is sent without one.
  static let slotsPerSecond = 40

  private(set) var window = DiscordWindow(limit: limit, length: windowMilliseconds)
  private var invalid = DiscordInvalidCount()
  private var blockedUntil: Int64 = 0
  /// Slots of all webhooks, by second; at most a day of them.
  private var slots: [Int64: Int] = [:]
  /// Every second before this one is full or over.
  private var firstFree: Int64 = 0

  func isOpen(_ now: Int64) -> Bool { now >= notBefore(now) && window.isOpen(now) }

  func opens(places: Int, now: Int64) -> Int64 { max(notBefore(now), window.opens(places: places, now: now)) }

  /// Whether so many refusals came that nothing is sent.
  func isResting(_ now: Int64) -> Bool { invalid.restsUntil(now: now) != nil }

  /// Whether nothing would be lost with it.
  func isQuiet(_ now: Int64) -> Bool {
    now >= notBefore(now) && window.opens(places: Self.limit, now: now) <= now && !invalid.isCounting(now)
  }

  mutating func begin(_ now: Int64) { window.begin(now) }

  mutating func end(_ now: Int64) { window.end(now) }

  mutating func block(until time: Int64) { blockedUntil = max(blockedUntil, time) }

  mutating func refused(_ now: Int64) { invalid.add(now: now) }

  /// The first time from `time` on at which not too many come back in the same second.
  mutating func reserve(from time: Int64, now: Int64) -> Int64 {
    forget(before: now / 1_000)
    var second = max(time / 1_000, firstFree)
    while slots[second, default: 0] >= Self.slotsPerSecond { second += 1 }
    slots[second, default: 0] += 1
    while slots[firstFree, default: 0] >= Self.slotsPerSecond { firstFree += 1 }
    return max(time, second * 1_000)
  }

  private mutating func forget(before second: Int64) {
    guard firstFree < second else { return }
    firstFree = second
    slots = slots.filter { $0.key >= second }
  }

  private func notBefore(_ now: Int64) -> Int64 { max(blockedUntil, invalid.restsUntil(now: now) ?? 0) }
}
