import EventModel
import Store
import Testing

@testable import Pipeline

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
