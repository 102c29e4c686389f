import Synchronization

/// What the receiver answers: so that retries, breakers and throttling of a sender can be tried.
final class AnswerPlan: Sendable {
  /// An answer to one request.
  struct Answer: Sendable, Equatable {
    var status: Int
    var retryAfterSeconds: Int?
    var delayMilliseconds: Int
  }

  /// Answered where a signature does not hold: the sender must learn of it.
  static let unverifiedStatus = 401

  private let usual: Answer
  private let failFirst: Int
  private let failStatus: Int
  private let count = Atomic<Int>(0)

  /// - Parameters:
  ///   - usual: the answer once the failures are over.
  ///   - failFirst: so many requests are answered with `failStatus`, and with the usual Retry-After and delay.
  init(usual: Answer, failFirst: Int = 0, failStatus: Int = 503) {
    self.usual = usual
    self.failFirst = failFirst
    self.failStatus = failStatus
  }

  /// The answer to the next request.
  func next(verdict: WebhookVerifier.Verdict) -> Answer {
    let (number, _) = count.wrappingAdd(1, ordering: .relaxed)
    var answer = usual
    if number < failFirst { answer.status = failStatus }
    if !verdict.isAcceptable { answer.status = Self.unverifiedStatus }
    return answer
  }
}
