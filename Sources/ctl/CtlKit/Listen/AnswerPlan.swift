import Synchronization

/// What the receiver answers: so that retries, breakers and throttling of a sender can be tried.
final class AnswerPlan: Sendable {
  /// An answer to one request.
  struct Answer: Sendable, Equatable {
    var status: Int
    var retryAfterSeconds: Int?
    var delayMilliseconds: Int
    var headers: [Header] = []
    var body: [UInt8] = []

    /// An answer with a JSON body.
    static func json(_ status: Int, _ text: String) -> Answer {
      var answer = Answer(status: status, retryAfterSeconds: nil, delayMilliseconds: 0)
      answer.headers = [Header("content-type", "application/json")]
      answer.body = Array(text.utf8)
      return answer
    }
  }

  /// A header of an answer.
  struct Header: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Answered where a signature does not hold: the sender must learn of it.
  static let unverifiedStatus = 401

  private let usual: Answer
  /// How long each answer waits.
  var delayMilliseconds: Int { usual.delayMilliseconds }
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

  /// The next answer where it is a failure, for what has good answers of its own (Discord, mail); nil otherwise.
  func nextFailure() -> Answer? {
    let (number, _) = count.wrappingAdd(1, ordering: .relaxed)
    var answer = usual
    if number < failFirst { answer.status = failStatus } else if usual.status < 300 { return nil }
    return answer
  }
}
