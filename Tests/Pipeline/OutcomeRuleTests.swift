import EventModel
import Testing

@testable import Pipeline

@Suite struct OutcomeRuleTests {
  typealias Verdict = DeliveryResult.Verdict

  static func attempt(_ number: Int32, onUnknown: Sink.OnUnknown = .resend) -> OutcomeRules.Attempt {
    OutcomeRules.Attempt(
      number: number, hop: 4, retry: RetryPolicy(attempts: 3, base: .seconds(10), cap: .minutes(1)),
      onUnknown: onUnknown)
  }

  struct Row {
    var verdict: Verdict
    var attempt: Int32
    var onUnknown = Sink.OnUnknown.resend
    var isEnding = false
    var outcome: Outcome
    var next: (attempt: Int32, hop: Int32)?
    var failed: Bool?
  }

  static let table: [Row] = [
    Row(verdict: .delivered, attempt: 1, outcome: .delivered, failed: false),
    Row(verdict: .delivered, attempt: 3, outcome: .delivered, failed: false),
    Row(verdict: .retry, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .retry, attempt: 2, outcome: .retry, next: (3, 0), failed: true),
    Row(verdict: .retry, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .permanent, attempt: 1, outcome: .dead, failed: false),
    Row(verdict: .throttled, attempt: 1, outcome: .deferred, next: (1, 5)),
    Row(verdict: .throttled, attempt: 3, outcome: .deferred, next: (3, 5)),
    Row(verdict: .cancelled, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .cancelled, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .cancelled, attempt: 3, isEnding: true, outcome: .deferred, next: (3, 5)),
    Row(verdict: .endpointDisabled, attempt: 1, outcome: .dead, failed: true),
    Row(verdict: .sinkDisabled, attempt: 1, outcome: .dead, failed: true),
    Row(verdict: .unknown, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .unknown, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .unknown, attempt: 1, onUnknown: .park, outcome: .dead, failed: true),
  ]

  @Test(arguments: table.indices) func everyVerdictHasItsOutcome(index: Int) {
    let row = Self.table[index]
    let judgement = OutcomeRules.judge(
      DeliveryResult(id: 1, verdict: row.verdict), Self.attempt(row.attempt, onUnknown: row.onUnknown),
      isEnding: row.isEnding, fraction: 0.5)
    #expect(judgement.outcome == row.outcome)
    #expect((judgement.wait == nil) == (row.next == nil))
    if let next = row.next {
      #expect(judgement.nextAttempt == next.attempt)
      #expect(judgement.nextHop == next.hop)
    }
    #expect(judgement.failed == row.failed)
    #expect(judgement.disablesSink == [.sinkDisabled, .endpointDisabled].contains(row.verdict))
    #expect(!judgement.disablesEndpoint)
    #expect(judgement.code.isEmpty == (row.verdict == .delivered))
  }

  @Test func aUsersAddressThatIsGoneLeavesTheSinkAlone() {
    var attempt = Self.attempt(1)
    attempt.isOwnAddress = false
    let judgement = OutcomeRules.judge(
      DeliveryResult(id: 1, verdict: .endpointDisabled), attempt, isEnding: false, fraction: 0.5)
    #expect(judgement.disablesEndpoint && !judgement.disablesSink && judgement.failed == false)
  }

  @Test func onlyTheCodesOfAWrongAddressCountAsItsFault() {
    for (code, isFault) in [("endpoint-fault-404", true), ("http-422", false), ("", false)] {
      let judgement = OutcomeRules.judge(
        DeliveryResult(id: 1, verdict: .permanent, code: code), Self.attempt(1), isEnding: false, fraction: 0.5)
      #expect(judgement.isEndpointFault == isFault)
    }
  }

  @Test func theHoldOfADisabledSinkDoublesUpToAnHour() {
    let waits = (0..<6).map { OutcomeRules.hold(hop: $0, fraction: 1).seconds / 60 }
    #expect(waits == [5, 10, 20, 40, 60, 60])
    #expect(OutcomeRules.hold(hop: .max, fraction: 0) == .minutes(30))
  }

  @Test func aNamedWaitIsNeverShortened() {
    for verdict in [Verdict.retry, .throttled] {
      for fraction in [0, 0.5, 0.999] {
        let judgement = OutcomeRules.judge(
          DeliveryResult(id: 1, verdict: verdict, retryAfter: .minutes(7)), Self.attempt(1), isEnding: false,
          fraction: fraction)
        #expect((judgement.wait ?? .zero) >= .minutes(7))
        #expect((judgement.wait ?? .zero) < .minutes(8))
      }
    }
  }

  @Test func deferralsDoubleUpToTheirCap() {
    let waits = (0..<20).map { OutcomeRules.deferral(hop: Int32($0), named: nil, fraction: 0) }
    #expect(waits.first == .milliseconds(2_500))
    #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(waits.last == .minutes(5))
  }
}
