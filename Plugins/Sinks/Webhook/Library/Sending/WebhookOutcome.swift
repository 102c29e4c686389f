public import HTTPTransport
public import PluginKit0

/// What an answer, or the lack of one, means for a delivery: the tables of ``OutcomeTable``, applied.
public enum WebhookOutcome {
  /// How much of an answer's body people are shown.
  private static let maximumShownBytes = 256

  /// The result to report.
  ///
  /// - Parameters:
  ///   - nowMilliseconds: the present since 1970-01-01T00:00:00Z, for a `Retry-After` that is a date.
  ///   - secrets: what must not be shown of an answer.
  public static func result(
    _ result: HTTPResult, nowMilliseconds: Int64, secrets: [String] = []
  ) -> DeliveryResult {
    switch result {
    case .answer(let answer): of(answer, nowMilliseconds, secrets)
    case .failure(let failure): of(failure)
    }
  }

  private static func of(_ answer: HTTPAnswer, _ nowMilliseconds: Int64, _ secrets: [String]) -> DeliveryResult {
    let rule = OutcomeTable.rule(forStatus: answer.status)
    var result = DeliveryResult(rule.outcome, code: rule.codePrefix + String(answer.status))
    if rule.outcome == .delivered {
      if answer.end != .complete { result.detail = "the answer's body is \(answer.end.rawValue)" }
      return result
    }
    result.detail = rule.remark ?? shown(answer, secrets)
    guard rule.wait != .ignored else { return result }
    let wait = RetryAfter.milliseconds(answer.retryAfter, nowMilliseconds: nowMilliseconds) ?? 0
    result.retryAfterMilliseconds = wait
    // A wait of zero names none: without one the queue's own backoff is what protects the receiver.
    if rule.wait == .throttles, wait > 0 { result.outcome = .throttled }
    return result
  }

  private static func of(_ failure: HTTPFailure) -> DeliveryResult {
    let rule = OutcomeTable.rule(for: failure.reason)
    let isUnknown = failure.requestSent && rule.ifSent == .unknown
    return DeliveryResult(
      failure.requestSent ? rule.ifSent : rule.ifUnsent,
      code: (isUnknown ? OutcomeTable.noAnswerPrefix : "") + failure.reason.rawValue, detail: failure.detail)
  }

  /// The beginning of the answer's body, without secrets, and with nothing in it that could play tricks on a terminal.
  private static func shown(_ answer: HTTPAnswer, _ secrets: [String]) -> String {
    let body = secrets.isEmpty ? answer.body : SecretMask(secrets).masked(answer.body)
    let text = String(decoding: body.prefix(maximumShownBytes), as: UTF8.self)
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        shown.append(" ")
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }
}
