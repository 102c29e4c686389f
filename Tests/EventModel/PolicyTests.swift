import EventModel
import Testing

@Suite struct PolicyTests {
  static let policy = RetryPolicy(attempts: 5, base: .seconds(10), cap: .minutes(5))

  @Test(
    "the wait's bound doubles up to the cap",
    arguments: [(1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 300), (40, 300), (Int32.max, 300)] as [(Int32, Int64)]
  )
  func bound(_ attempt: Int32, _ seconds: Int64) {
    let longest = Self.policy.wait(afterAttempt: attempt, named: nil, fraction: 0.999_999_999)
    #expect(longest <= .seconds(seconds))
    #expect(longest > .milliseconds(seconds * 999))
    #expect(Self.policy.wait(afterAttempt: attempt, named: nil, fraction: 0) == RetryPolicy.minimumWait)
  }

  @Test("full jitter draws from the whole range")
  func jitter() {
    let half = Self.policy.wait(afterAttempt: 2, named: nil, fraction: 0.5)
    #expect(half == .seconds(10))
  }

  @Test(
    "a named wait is never shortened, save to 24 hours",
    arguments: [1, 60, 3_600, 86_400, 90_000, Int64.max / 2_000_000])
  func named(_ seconds: Int64) {
    for fraction in [0, 0.5, 0.999] {
      let wait = Self.policy.wait(afterAttempt: 1, named: .seconds(seconds), fraction: fraction)
      let bounded = min(TimeSpan.seconds(seconds), RetryPolicy.namedWaitCap)
      #expect(wait >= bounded)
      #expect(wait.microseconds <= bounded.microseconds + Self.policy.base.microseconds)
    }
  }

  @Test("a named wait in the past is no wait, and an absurd attempt number no crash", arguments: [Int32.min, -1, 0])
  func odd(_ attempt: Int32) {
    #expect(Self.policy.wait(afterAttempt: attempt, named: .seconds(-5), fraction: 0) == RetryPolicy.minimumWait)
    #expect(Self.policy.wait(afterAttempt: attempt, named: nil, fraction: 0.9) <= .seconds(10))
  }

  @Test("an absurd base does not overflow")
  func overflow() {
    let policy = RetryPolicy(attempts: 1, base: TimeSpan(microseconds: .max), cap: .hours(1))
    #expect(policy.wait(afterAttempt: 30, named: nil, fraction: 0.99) <= .hours(1))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var mode: CatchUp.Mode
    var lateSeconds: Int64
    var superseded: Bool
    var verdict: CatchUp.Verdict
    var testDescription: String { "\(mode.rawValue), \(lateSeconds) s late, superseded: \(superseded)" }
  }

  @Test(
    "catch-up policies judge what was missed, within a window of an hour",
    arguments: [
      Row(mode: .skip, lateSeconds: 59, superseded: true, verdict: .send),
      Row(mode: .all, lateSeconds: 60, superseded: true, verdict: .send),
      Row(mode: .all, lateSeconds: 3_600, superseded: false, verdict: .send),
      Row(mode: .all, lateSeconds: 3_601, superseded: false, verdict: .skip(reason: .outsideCatchUpWindow)),
      Row(mode: .latest, lateSeconds: 60, superseded: false, verdict: .send),
      Row(mode: .latest, lateSeconds: 60, superseded: true, verdict: .skip(reason: .superseded)),
      Row(mode: .latest, lateSeconds: 9_999, superseded: true, verdict: .skip(reason: .outsideCatchUpWindow)),
      Row(mode: .skip, lateSeconds: 60, superseded: false, verdict: .skip(reason: .missed)),
      Row(mode: .merge, lateSeconds: 60, superseded: false, verdict: .send),
      Row(mode: .merge, lateSeconds: 60, superseded: true, verdict: .merge),
      Row(mode: .merge, lateSeconds: -5, superseded: true, verdict: .send),
    ])
  func catchUp(_ row: Row) {
    let policy = CatchUp(mode: row.mode, window: .hours(1))
    #expect(policy.verdict(lateness: .seconds(row.lateSeconds), superseded: row.superseded) == row.verdict)
  }

  @Test("without a window nothing is too late for the policy")
  func noWindow() {
    let policy = CatchUp(mode: .all, window: nil)
    #expect(policy.verdict(lateness: .hours(24 * 365), superseded: true) == .send)
  }

  @Test("outcomes that something follows are not final")
  func finality() {
    #expect(Set(Outcome.allCases.filter { !$0.isFinal }) == [.retry, .deferred, .moved])
  }
}
