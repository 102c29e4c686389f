public import HTTPTransport
public import PluginKit0

/// The rules of what an answer means, each once. The table in `docs/sinks/webhook.md` is this one, and a test holds the
/// two together.
public enum OutcomeTable {
  /// What is made of the wait that `Retry-After` names.
  public enum Wait: Sendable, Hashable {
    /// Nothing.
    case ignored
    /// The next attempt comes no earlier.
    case honoured
    /// It makes the delivery throttled, which uses up no attempt.
    case throttles
  }

  /// What statuses mean.
  public struct StatusRule: Sendable {
    /// The statuses.
    public let statuses: [ClosedRange<Int>]
    /// The outcome; throttled instead where ``wait`` says so.
    public let outcome: Outcome
    /// What is made of `Retry-After`.
    public let wait: Wait
    /// Before the status in the code.
    public let codePrefix: String
    /// What people are told instead of the answer's body.
    public let remark: String?

    init(
      _ statuses: [ClosedRange<Int>], _ outcome: Outcome, _ wait: Wait = .ignored, codePrefix: String = "http-",
      remark: String? = nil
    ) {
      self.statuses = statuses
      self.outcome = outcome
      self.wait = wait
      self.codePrefix = codePrefix
      self.remark = remark
    }
  }

  /// What the lack of an answer means.
  public struct FailureRule: Sendable {
    /// What happened.
    public let reason: HTTPFailure.Reason
    /// In words.
    public let words: String
    /// The outcome when the request was not sent in full.
    public let ifUnsent: Outcome
    /// The outcome when it was.
    public let ifSent: Outcome
  }

  /// Before the reason in the code of an unknown outcome.
  public static let noAnswerPrefix = "no-answer-"

  /// By status, the first that matches; what none has is permanent.
  public static let statusRules: [StatusRule] = [
    StatusRule([200...299], .delivered),
    StatusRule([300...399], .retry, remark: "redirects are not followed"),
    StatusRule([429...429], .retry, .throttles),
    StatusRule([408...408, 425...425, 500...999], .retry, .honoured),
    StatusRule([410...410], .endpointDisabled, remark: "the endpoint says that it is gone"),
    StatusRule([401...401, 403...404], .permanent, codePrefix: "endpoint-fault-"),
    otherStatuses,
  ]

  /// What has no rule of its own.
  public static let otherStatuses = StatusRule([400...499], .permanent)

  /// One for each reason.
  public static let failureRules: [FailureRule] = [
    rule(.resolve, "the name has no address"), rule(.connect, "nothing answers at the address"),
    rule(.addressRefused, "an address that must not be reached", .permanent),
    rule(.tls, "TLS is not agreed on"), rule(.certificate, "the certificate is not trusted"),
    rule(.clientCertificate, "our own certificate cannot be used"),
    rule(.timeout, "no answer in time", .retry, ifSent: .unknown),
    rule(.broken, "the connection breaks before an answer", .retry, ifSent: .unknown),
    rule(.cancelled, "given up at the deadline or on request", .cancelled, ifSent: .unknown),
    rule(.deadline, "the deadline passes before there is a place"),
    rule(.malformed, "what comes is not HTTP"), rule(.headersTooLarge, "a header block over 64 KiB"),
    rule(.internal, "libcurl fails otherwise"),
  ]

  /// The rule for a status.
  public static func rule(forStatus status: Int) -> StatusRule {
    for rule in statusRules { for range in rule.statuses where range.contains(status) { return rule } }
    return otherStatuses
  }

  /// The rule for a failure.
  public static func rule(for reason: HTTPFailure.Reason) -> FailureRule {
    for rule in failureRules where rule.reason == reason { return rule }
    return rule(reason, "")
  }

  private static func rule(
    _ reason: HTTPFailure.Reason, _ words: String, _ outcome: Outcome = .retry, ifSent: Outcome? = nil
  ) -> FailureRule {
    FailureRule(reason: reason, words: words, ifUnsent: outcome, ifSent: ifSent ?? outcome)
  }
}
