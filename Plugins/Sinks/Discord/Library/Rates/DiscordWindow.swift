/// So many requests in any stretch of time of a certain length. Pure; the caller tells the time, in milliseconds of a clock
/// that never steps.
///
/// A request counts from its beginning until so long after its answer: whenever the other side counted it in between, its
/// own window, fixed or sliding, is never overdrawn.
struct DiscordWindow: Sendable, Hashable {
  /// The most requests that a window is taken to allow, whatever an answer says.
  static let maximumLimit = 1_000
  /// Lengths that are believed, in milliseconds.
  static let lengths: ClosedRange<Int64> = 50...3_600_000

  private(set) var limit: Int
  private(set) var length: Int64
  private(set) var underWay = 0
  /// When requests were answered, oldest first.
  private var answered: [Int64] = []

  init(limit: Int, length: Int64) {
    self.limit = min(max(limit, 1), Self.maximumLimit)
    self.length = min(max(length, Self.lengths.lowerBound), Self.lengths.upperBound)
  }

  /// Whether one more may begin now.
  func isOpen(_ now: Int64) -> Bool { underWay + counting(now).count < limit }

  /// When so many more may begin, if nothing else does; what is under way is taken to be answered now.
  func opens(places: Int, now: Int64) -> Int64 {
    let times = counting(now) + Array(repeating: now, count: underWay)
    let surplus = times.count + max(places, 1) - limit
    guard surplus > 0 else { return now }
    if surplus <= times.count { return times[times.index(times.startIndex, offsetBy: surplus - 1)] + length }
    let rounds = 1 + Int64((surplus - times.count - 1) / limit)
    return now + rounds * length
  }

  /// One begins.
  mutating func begin(_ now: Int64) {
    answered = Array(counting(now))
    underWay += 1
  }

  /// One was answered, or given up.
  mutating func end(_ now: Int64) {
    guard underWay > 0 else { return }
    underWay -= 1
    answered.append(max(now, answered.last ?? now))
  }

  /// The rule changed.
  mutating func set(limit: Int, length: Int64) {
    self.limit = min(max(limit, 1), Self.maximumLimit)
    self.length = min(max(length, Self.lengths.lowerBound), Self.lengths.upperBound)
  }

  /// Somebody else uses it too, and it is full: one place opens then, and the others as if they had been taken evenly.
  mutating func fill(until time: Int64, now: Int64) {
    let first = time - length
    let own = Array(counting(now).suffix(limit))
    answered = (0..<limit).map { place in
      let taken = min(first + Int64(place) * length / Int64(limit), now)
      let isOwn = place >= limit - own.count
      return isOwn ? max(taken, own[place - (limit - own.count)]) : taken
    }
  }

  /// Two that turn out to be one.
  mutating func absorb(_ other: DiscordWindow) {
    underWay += other.underWay
    answered = (answered + other.answered).sorted()
  }

  private func counting(_ now: Int64) -> ArraySlice<Int64> { answered.drop { $0 + length <= now } }
}
