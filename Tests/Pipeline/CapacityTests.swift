import EventModel
import Store
import Testing

@testable import Pipeline

@Suite struct CapacityBookTests {
  static let standard = Queue.standard.map {
    CapacityBook.Share(reserve: Int($0.reserve), weight: Int($0.weight))
  }

  @Test func aloneEachQueueHasItsReserveAndTheBurst() {
    let book = CapacityBook(total: 4_000, shares: Self.standard)
    #expect(book.grants([9_000, 0, 0, 0]) == [3_000, 0, 0, 0])
    #expect(book.grants([0, 9_000, 0, 0]) == [0, 1_500, 0, 0])
    #expect(book.grants([0, 0, 0, 9_000]) == [0, 0, 0, 1_000])
    #expect(book.grants([5, 0, 0, 7]) == [5, 0, 0, 7])
  }

  @Test func lowNeverStarvesAndNeverTakesAReserve() {
    let book = CapacityBook(total: 4_000, shares: Self.standard)
    let grants = book.grants([9_000, 9_000, 9_000, 9_000])
    #expect(grants.reduce(0, +) == 4_000)
    // Of a burst of 1,000, by weights 8, 4, 2, 1, to within a quantum.
    for (grant, fair) in zip(grants, [2_000 + 533, 500 + 267, 500 + 133, 67]) { #expect(abs(grant - fair) <= 16) }
  }

  @Test func withEveryPlaceOfTheBurstTakenTheReservesAreStillThere() {
    var book = CapacityBook(total: 4_000, shares: Self.standard)
    book.take(1_000, lane: 3)
    #expect(book.grants([9_000, 9_000, 9_000, 9_000]) == [2_000, 500, 500, 0])
    book.take(-1, lane: 3)
    #expect(book.grants([0, 0, 0, 9_000]) == [0, 0, 0, 1])
    #expect(book.grants([9_000, 0, 0, 9_000]).reduce(0, +) == 2_001)
  }

  @Test func nothingIsEverPromisedTwice() {
    var random = SplitMix(state: 7)
    for _ in 0..<500 {
      let lanes = Int(random.next() % 6) + 1
      var book = CapacityBook(
        total: Int(random.next() % 200),
        shares: (0..<lanes).map { _ in
          CapacityBook.Share(reserve: Int(random.next() % 100), weight: Int(random.next() % 9))
        })
      for _ in 0..<20 {
        let demands = (0..<lanes).map { _ in Int(random.next() % 150) }
        let grants = book.grants(demands)
        #expect(zip(grants, demands).allSatisfy { $0 <= $1 && $0 >= 0 })
        #expect(book.taken + grants.reduce(0, +) <= book.total)
        let isWasted =
          zip(grants, demands).contains { $0 < $1 } && book.taken == 0 && grants.reduce(0, +) < book.total
          && book.shares.reduce(0) { $0 + $1.reserve } == 0
        #expect(!isWasted)
        for lane in 0..<lanes { book.take(grants[lane], lane: lane) }
        for lane in 0..<lanes { book.take(-Int(random.next() % UInt64(book.used[lane] + 1)), lane: lane) }
      }
    }
  }
}

@Suite struct ClaimCapacityTests {
  static let queues = Queue.standard

  static func capacity(_ loaded: [Int], maximum: Int = 120_000) -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: ClaimCapacity.capacity(of: Array(zip(queues, loaded)), maximum: maximum).map {
        ($0.queue, $0.events)
      })
  }

  @Test func aClaimIsBoundedAndLeavesEveryQueueSomething() {
    let capacity = Self.capacity([0, 0, 0, 0])
    #expect(capacity.values.reduce(0, +) == Limits.claimAtOnce)
    #expect(capacity.values.allSatisfy { $0 >= LedgerLimits.eventsPerBucket })
    #expect((capacity["critical"] ?? 0) > 10_000)
  }

  @Test func aFullMemoryClaimsNothing() {
    #expect(Self.capacity([120_000, 0, 0, 0]) == [:])
    #expect(Self.capacity([60_000, 30_000, 20_000, 10_000]) == [:])
  }

  @Test func aQueueThatFilledTheCommonHalfLeavesTheOthersTheirShares() {
    // Low holds its own 4,000 and all of the common half.
    let capacity = Self.capacity([0, 0, 0, 64_000])
    #expect(capacity["low"] == nil)
    #expect((capacity["critical"] ?? 0) > 0 && (capacity["high"] ?? 0) > 0 && (capacity["normal"] ?? 0) > 0)
  }
}

@Suite struct TokenBucketTests {
  @Test func itGivesItsRateAndAtMostASecondAtOnce() {
    var bucket = TokenBucket(ratePerSecond: 10, now: .zero)
    #expect(bucket.available(now: .zero) == 10)
    bucket.take(10)
    #expect(bucket.available(now: .zero) == 0)
    #expect(bucket.waitForOne <= .milliseconds(101) && bucket.waitForOne >= .milliseconds(100))
    #expect(bucket.available(now: .milliseconds(500)) == 5)
    #expect(bucket.available(now: .hours(1)) == 10)
  }

  @Test func aRateBelowOneStillGivesOneInTheEnd() {
    var bucket = TokenBucket(ratePerSecond: 0.1, now: .zero)
    #expect(bucket.available(now: .zero) == 1)
    bucket.take(1)
    #expect(bucket.available(now: .seconds(9)) == 0)
    #expect(bucket.available(now: .seconds(10)) == 1)
  }
}
