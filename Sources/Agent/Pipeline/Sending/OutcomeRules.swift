import EventModel

/// What follows from how an attempt ended. Pure: the table of the delivery rules.
enum OutcomeRules {
  /// An attempt, as far as its outcome depends on it.
  struct Attempt: Hashable, Sendable {
    /// 1 for the first.
    var number: Int32
    /// How often it was deferred.
    var hop: Int32
    /// The queue's rules.
    var retry: RetryPolicy
    /// The sink's rule for a delivery without an answer.
    var onUnknown: Sink.OnUnknown
    /// Whether it goes to the sink's only address, and not to a user's.
    var isOwnAddress = true
  }

  /// What is recorded.
  struct Judgement: Hashable, Sendable {
    /// `.delivered`, `.retry`, `.deferred` or `.dead`.
    var outcome: Outcome
    /// Stable and short.
    var code: String
    /// How long until the follow-up; nil when none follows.
    var wait: TimeSpan?
    /// The attempt's number in the follow-up.
    var nextAttempt: Int32 = 0
    /// The hop in the follow-up.
    var nextHop: Int32 = 0
    /// Whether the whole sink is gone.
    var disablesSink = false
    /// Whether the user's address is gone.
    var disablesEndpoint = false
    /// Whether the other side says that the address is wrong, though it may only seem so.
    var isEndpointFault = false
    /// Whether it speaks against the sink's health; nil: says nothing.
    var failed: Bool?
  }

  /// Judges a result.
  ///
  /// - Parameters:
  ///   - isEnding: whether the agent itself called the delivery off, to end.
  ///   - fraction: a random number in 0..<1.
  static func judge(_ result: DeliveryResult, _ attempt: Attempt, isEnding: Bool, fraction: Double) -> Judgement {
    switch result.verdict {
    case .delivered: return Judgement(outcome: .delivered, code: result.code, failed: false)
    case .retry: return again(result, attempt, or: "retry", fraction)
    case .throttled: return later(result, attempt, or: "throttled", fraction, failed: nil)
    // Nothing was sent: at the agent's end it costs no attempt, at a deadline it does.
    case .cancelled:
      return isEnding
        ? later(result, attempt, or: "agent-stopping", fraction, failed: nil)
        : again(result, attempt, or: "deadline", fraction)
    case .permanent:
      var judgement = dead(result, or: "permanent", failed: false)
      judgement.isEndpointFault = result.code.hasPrefix(endpointFault)
      return judgement
    case .endpointDisabled:
      var judgement = dead(result, or: "endpoint-disabled", failed: attempt.isOwnAddress)
      judgement.disablesSink = attempt.isOwnAddress
      judgement.disablesEndpoint = !attempt.isOwnAddress
      return judgement
    case .sinkDisabled:
      var judgement = dead(result, or: "sink-disabled", failed: true)
      judgement.disablesSink = true
      return judgement
    case .unknown:
      switch attempt.onUnknown {
      case .resend: return again(result, attempt, or: "unknown", fraction)
      case .park: return dead(result, or: "unknown", failed: true)
      }
    }
  }

  /// What the codes of sinks begin with that mean that the address is wrong (401, 403 and 404 of HTTP); see `sink.h`.
  static let endpointFault = "endpoint-fault"

  /// The wait while a sink or an endpoint is disabled: doubling with each hop, at least half of the bound.
  static func hold(hop: Int32, fraction: Double) -> TimeSpan {
    let bound = Limits.holdBase.doubled(times: Int(hop), cap: Limits.holdCap)
    return bound.scaled(by: 0.5 + fraction / 2)
  }

  /// The wait of a deferral: what the other side named, never shortened, else doubling with each hop.
  static func deferral(hop: Int32, named: TimeSpan?, fraction: Double) -> TimeSpan {
    let bound = Limits.deferBase.doubled(times: Int(hop), cap: Limits.deferCap)
    return RetryPolicy(attempts: 1, base: bound, cap: bound).wait(
      afterAttempt: 1, named: named ?? bound.scaled(by: 0.5), fraction: fraction)
  }

  private static func again(
    _ result: DeliveryResult, _ attempt: Attempt, or code: String, _ fraction: Double
  ) -> Judgement {
    guard attempt.number < attempt.retry.attempts else { return dead(result, or: code, failed: true) }
    return Judgement(
      outcome: .retry, code: result.code.isEmpty ? code : result.code,
      wait: attempt.retry.wait(afterAttempt: attempt.number, named: result.retryAfter, fraction: fraction),
      nextAttempt: attempt.number + 1, nextHop: 0, failed: true)
  }

  private static func later(
    _ result: DeliveryResult, _ attempt: Attempt, or code: String, _ fraction: Double, failed: Bool?
  ) -> Judgement {
    Judgement(
      outcome: .deferred, code: result.code.isEmpty ? code : result.code,
      wait: deferral(hop: attempt.hop, named: result.retryAfter, fraction: fraction),
      nextAttempt: attempt.number, nextHop: attempt.hop == .max ? .max : attempt.hop + 1, failed: failed)
  }

  private static func dead(_ result: DeliveryResult, or code: String, failed: Bool) -> Judgement {
    Judgement(outcome: .dead, code: result.code.isEmpty ? code : result.code, failed: failed)
  }
}
