/// Who may have how many of a bounded number of places: each lane has a reserve of its own, and what is not reserved is
/// burst, shared by weight among those that want it.
///
/// So the highest lane never waits behind another within its reserve, and none starves: of the burst, each lane that
/// keeps wanting gets its share by weight, however much the others want.
struct CapacityBook: Hashable, Sendable {
  /// A lane's rights.
  struct Share: Hashable, Sendable {
    /// Places kept for it.
    var reserve: Int
    /// Its part of the rest; at least 1.
    var weight: Int
  }

  /// How many places there are.
  let total: Int
  /// The lanes' rights, the reserves scaled down when they exceed the total.
  let shares: [Share]
  /// Places taken, by lane.
  private(set) var used: [Int]

  /// Makes a book with nothing taken.
  init(total: Int, shares: [Share]) {
    let wanted = shares.reduce(0) { $0 + max($1.reserve, 0) }
    self.total = max(total, 0)
    self.shares = shares.map { share in
      let reserve = max(share.reserve, 0)
      return Share(
        reserve: wanted > total && wanted > 0 ? reserve * max(total, 0) / wanted : reserve,
        weight: max(share.weight, 1))
    }
    self.used = Array(repeating: 0, count: shares.count)
  }

  /// Places taken in all.
  var taken: Int { used.reduce(0, +) }

  /// Takes or (negative) gives back places of a lane.
  mutating func take(_ count: Int, lane: Int) {
    guard used.indices.contains(lane) else { return }
    used[lane] = max(used[lane] + count, 0)
  }

  /// How many places each lane may take now, if it wants this many. The sum never exceeds what is free.
  func grants(_ demands: [Int]) -> [Int] {
    var grants = shares.indices.map { lane in
      min(max(demands[lane], 0), max(shares[lane].reserve - used[lane], 0))
    }
    let reserved = shares.reduce(0) { $0 + $1.reserve }
    let burstUsed = shares.indices.reduce(0) { $0 + max(used[$1] - shares[$1].reserve, 0) }
    var burst = max(total - reserved - burstUsed, 0)
    let room = max(total - taken, 0)
    // After reserves grew at run time more can be promised than is free: the lanes come in order of priority.
    trim(&grants, to: room)
    burst = min(burst, room - grants.reduce(0, +))
    share(burst, demands, &grants)
    return grants
  }

  private func trim(_ grants: inout [Int], to room: Int) {
    var left = room
    for lane in grants.indices {
      grants[lane] = min(grants[lane], left)
      left -= grants[lane]
    }
  }

  /// Gives the burst, a quantum at a time, to the lane that has the least of it for its weight.
  private func share(_ burst: Int, _ demands: [Int], _ grants: inout [Int]) {
    var left = burst
    let quantum = max(1, burst / 64)
    while left > 0 {
      let wanting = shares.indices.filter { grants[$0] < demands[$0] }
      let poorest = wanting.min { a, b in
        burstHeld(a, grants) * shares[b].weight < burstHeld(b, grants) * shares[a].weight
      }
      guard let lane = poorest else { return }
      let step = min(quantum, left, demands[lane] - grants[lane])
      grants[lane] += step
      left -= step
    }
  }

  private func burstHeld(_ lane: Int, _ grants: [Int]) -> Int {
    max(used[lane] + grants[lane] - shares[lane].reserve, 0)
  }

  /// The same lanes' use under other rights: settings changed while it runs.
  func with(total: Int, shares: [Share], used: [Int]) -> CapacityBook {
    var book = CapacityBook(total: total, shares: shares)
    for (lane, count) in used.enumerated() { book.take(count, lane: lane) }
    return book
  }
}
