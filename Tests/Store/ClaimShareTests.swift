import EventModel
import Store
import Testing

@Suite struct ClaimShareTests {
  private let minute = Timestamp(seconds: 1_800_000_000)

  private func share(_ own: [String], _ others: [String]...) throws -> ClaimShare {
    ClaimShare(
      prefers: try ShardPreference(patterns: own), others: try others.map { try ShardPreference(patterns: $0) })
  }

  /// Live agents, open, held, allowance.
  static let allowances: [[Int]] = [
    [1, 100, 0, 100], [3, 99, 0, 33], [3, 100, 0, 34], [3, 100, 34, 0], [3, 100, 50, 0], [3, 0, 0, 0], [3, 1, 0, 1],
    [2, 2_000, 999, 1], [64, 10, 0, 1], [3, -1, -1, 0],
  ]

  @Test("a fair share is the events over the live agents, rounded up, less what is held", arguments: allowances)
  func allowance(row: [Int]) {
    let share = ClaimShare(prefers: .none, others: Array(repeating: .none, count: row[0] - 1))
    #expect(share.allowance(open: row[1], held: row[2]) == row[3])
  }

  @Test("however many agents and events there are, all shares together leave nothing")
  func complete() {
    for agents in 1...16 {
      for open in 0...64 {
        let share = ClaimShare(prefers: .none, others: Array(repeating: .none, count: agents - 1))
        #expect(agents * share.allowance(open: open, held: 0) >= open)
      }
    }
  }

  /// Seconds before the minute: one's own shard, nobody's, another's.
  static let verdicts: [(Int64, [ClaimShare.Verdict])] = [
    (60, [.shared, .shared, .reserved]), (16, [.shared, .shared, .reserved]), (15, [.shared, .shared, .shared]),
    (6, [.shared, .shared, .shared]), (5, [.free, .free, .free]), (0, [.free, .free, .free]),
    (-3_600, [.free, .free, .free]),
  ]

  @Test("what may be done with a bucket depends on its shard and on how near its minute is", arguments: verdicts)
  func verdict(seconds: Int64, expected: [ClaimShare.Verdict]) throws {
    let share = try share(["europe/*"], ["asia/*"], [])
    let shards = ["europe", "africa", "asia"].map { Shard(zoneGroup: $0, slot: 1) }
    let now = minute - .seconds(seconds)
    #expect(shards.map { share.verdict(minute: minute, shard: $0, now: now) } == expected)
    #expect(shards.map(share.order) == [0, 1, 2])
  }

  @Test("a shard that several prefer is left to none of them")
  func common() throws {
    let share = try share(["asia/*"], ["asia/*"], ["asia/03"])
    let shard = Shard(zoneGroup: "asia", slot: 3)
    #expect(share.verdict(minute: minute, shard: shard, now: minute - .seconds(60)) == .shared)
    #expect(share.order(shard) == 0)
  }

  @Test("an agent without a preference leaves to others what they prefer")
  func modest() throws {
    let share = try share([], ["asia/*"])
    let shard = Shard(zoneGroup: "asia", slot: 3)
    #expect(share.verdict(minute: minute, shard: shard, now: minute - .seconds(60)) == .reserved)
    #expect(share.hasOrder)
    #expect(try !self.share([], []).hasOrder)
  }

  @Test("an agent alone shares with nobody")
  func alone() throws {
    let share = try share(["asia/*"])
    #expect(share.isAlone)
    let shard = Shard(zoneGroup: "europe", slot: 3)
    #expect(share.verdict(minute: minute, shard: shard, now: minute - .seconds(60)) == .free)
  }

  @Test("each schedule falls to exactly one of the live agents")
  func planning() {
    for count in 1...8 {
      let shares = (0..<count).map { PlanningShare(index: $0, of: count) }
      for number in [Int64(0), 1, 7, 0x7fff_fffe << 32 | 5, .max] {
        #expect(shares.count { $0.contains(ScheduleNumber(rawValue: number)) } == 1)
      }
    }
    #expect(PlanningShare(index: 5, of: 0) == .whole)
    #expect(PlanningShare(index: -1, of: 3).index == 0)
  }
}
