import EventModel
import Store
import Testing

@testable import Pipeline

@Suite struct TimerWheelTests {
  @Test func itFiresAsASortedListWouldWhateverTheOrder() {
    var random = SplitMix(state: 42)
    for _ in 0..<50 {
      var wheel = TimerWheel<Int>()
      var reference: [(at: Timestamp, id: Int)] = []
      var now = Timestamp(seconds: 1_800_000_000)
      var id = 0
      for _ in 0..<200 {
        switch random.next() % 3 {
        case 0, 1:
          for _ in 0..<random.next() % 20 {
            let at = now + TimeSpan(microseconds: Int64(random.next() % 50_000) - 5_000)
            wheel.add(id, at: at)
            reference.append((at, id))
            id += 1
          }
        default: now = now + TimeSpan(microseconds: Int64(random.next() % 20_000))
        }
        let limit = Int(random.next() % 40)
        var fired: [Int] = []
        wheel.fire(now: now, limit: limit) { fired.append($0) }
        // What a list would give: all of the slots whose end has come, by slot, then by adding.
        let slot = { (at: Timestamp) in (at.microseconds + 999) / 1_000 }
        let due = reference.filter { slot($0.at) * 1_000 <= now.microseconds }
          .sorted { (slot($0.at), $0.id) < (slot($1.at), $1.id) }.prefix(limit)
        #expect(fired == due.map(\.id))
        #expect(due.allSatisfy { $0.at <= now })
        let taken = Set(fired)
        reference.removeAll { taken.contains($0.id) }
        #expect(wheel.count == reference.count)
        let earliest = reference.map { slot($0.at) * 1_000 }.min()
        #expect(wheel.nextDeadline?.microseconds == earliest)
      }
    }
  }

  @Test func aHundredThousandOfOneInstantFireInBoundedParts() {
    var wheel = TimerWheel<Int>()
    let at = Timestamp(seconds: 1)
    for id in 0..<100_000 { wheel.add(id, at: at) }
    var fired = 0
    wheel.fire(now: at - TimeSpan(microseconds: 1), limit: 10) { _ in fired += 1 }
    #expect(fired == 0)
    var parts = 0
    while wheel.count > 0 {
      wheel.fire(now: at, limit: 4_000) { id in
        #expect(id == fired)
        fired += 1
      }
      parts += 1
    }
    #expect(fired == 100_000)
    #expect(parts == 25)
  }
}

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

@Suite struct SendGateTests {
  static let table: [(TimeSpan?, Int, TimeSpan?, SendGate.Reason?)] = [
    (nil, 0, nil, .lease), (.seconds(100), 0, nil, nil), (.seconds(98), 0, nil, nil),
    (.seconds(98) - TimeSpan(microseconds: 1), 0, nil, .lease), (.seconds(100), 2_000, .seconds(100), nil),
    (.seconds(100), 2_001, .seconds(100), .tooManyUnrecorded), (.seconds(100), 1, .seconds(99), nil),
    (.seconds(100), 1, .seconds(99) - TimeSpan(microseconds: 1), .unrecordedTooLong),
  ]

  @Test(arguments: table.indices) func itIsOpenOnlyUnderAFreshLeaseWhileOutcomesBecomeDurable(index: Int) {
    let (began, unrecorded, oldest, reason) = Self.table[index]
    let gate = SendGate(renewalBegan: began, unrecorded: unrecorded, oldestUnrecorded: oldest)
    #expect(gate.closed(now: .seconds(100)) == reason)
  }
}

@Suite struct LeaseStateTests {
  static let lease = AgentLease(agent: 1, name: "a", epoch: 1, until: Timestamp(seconds: 10))

  @Test func itIsOpenedRenewedLostAndOpenedAgain() {
    var state = LeaseState()
    #expect(state.step == .open)
    #expect(state.failed(.unavailable) == .unchanged)
    #expect(state.granted(Self.lease, began: .seconds(1)) == .fresh(began: .seconds(1)))
    #expect(state.step == .renew(Self.lease))
    #expect(state.failed(.unavailable) == .unchanged)
    #expect(state.lease == Self.lease)
    #expect(state.failed(.fenced) == .lost)
    #expect(state.step == .open)
  }

  @Test func onceReleasedItStaysSo() {
    var state = LeaseState()
    _ = state.granted(Self.lease, began: .zero)
    #expect(state.release() == Self.lease)
    #expect(state.step == nil)
    #expect(state.granted(Self.lease, began: .zero) == .unchanged)
    #expect(state.lease == nil)
  }
}

@Suite struct ClockCorrectionTests {
  static let now = Timestamp(seconds: 1_800_000_000)

  static let table: [(TimeSpan, TimeSpan, TimeSpan?)] = [
    // how far the store is ahead of the question, how long the question took, what is made of it
    (.zero, .zero, .zero), (.milliseconds(1), .zero, .zero), (.milliseconds(5), .milliseconds(10), .zero),
    (.milliseconds(10), .milliseconds(10), .zero), (.seconds(2), .milliseconds(10), .milliseconds(1_995)),
    (.seconds(-2), .milliseconds(10), .milliseconds(-2_005)), (.seconds(2), .milliseconds(300), nil),
  ]

  @Test(arguments: table.indices) func onlyWhatTheQuestionDoesNotExplainIsAnOffset(index: Int) {
    let (ahead, took, offset) = Self.table[index]
    #expect(
      ClockCorrection.offset(asked: Self.now, store: Self.now + ahead, answered: Self.now + took) == offset)
  }
}

@Suite struct CircuitBreakerTests {
  @Test func itOpensAtHalfOfTwentyAndProbes() {
    var breaker = CircuitBreaker()
    for index in 0..<19 { breaker.ended(failed: index % 2 == 0, now: .seconds(1)) }
    #expect(breaker.permit(now: .seconds(1)) == .unlimited)
    breaker.ended(failed: false, now: .seconds(1))
    #expect(breaker.name == "open")
    #expect(breaker.permit(now: .seconds(30)) == .none(reopensAt: .seconds(31)))
    #expect(breaker.permit(now: .seconds(31)) == .one)
    breaker.started()
    #expect(breaker.permit(now: .seconds(31)) == .none(reopensAt: nil))
    breaker.ended(failed: true, now: .seconds(32))
    #expect(breaker.permit(now: .seconds(91)) == .none(reopensAt: .seconds(92)))
    #expect(breaker.permit(now: .seconds(92)) == .one)
    breaker.started()
    breaker.calledOff()
    #expect(breaker.permit(now: .seconds(92)) == .one)
    breaker.started()
    breaker.ended(failed: false, now: .seconds(93))
    #expect(breaker.name == "closed")
  }

  @Test func fewFailuresAndOldOnesDoNotOpenIt() {
    var breaker = CircuitBreaker()
    for _ in 0..<19 { breaker.ended(failed: true, now: .seconds(1)) }
    #expect(breaker.name == "closed")
    for _ in 0..<9 { breaker.ended(failed: true, now: .seconds(120)) }
    #expect(breaker.name == "closed")
    for _ in 0..<40 { breaker.ended(failed: false, now: .seconds(121)) }
    for _ in 0..<29 { breaker.ended(failed: true, now: .seconds(122)) }
    #expect(breaker.name == "closed")
  }

  @Test func theWaitDoublesUpToItsCap() {
    var breaker = CircuitBreaker()
    for _ in 0..<20 { breaker.ended(failed: true, now: .zero) }
    var now = TimeSpan.zero
    var waits: [TimeSpan] = []
    for _ in 0..<8 {
      guard case .open(let until, let wait) = breaker.state else { break }
      waits.append(wait)
      now = until
      #expect(breaker.permit(now: now) == .one)
      breaker.started()
      breaker.ended(failed: true, now: now)
    }
    #expect(waits.map(\.seconds) == [30, 60, 120, 240, 480, 600, 600, 600])
  }
}
