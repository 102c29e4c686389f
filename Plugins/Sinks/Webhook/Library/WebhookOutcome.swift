public import HTTPTransport
public import PluginKit0

/// What an answer, or the lack of one, means for a delivery.
public enum WebhookOutcome {
  /// How much of an answer's body people are shown.
  private static let maximumShownBytes = 256

  /// The result to report.
  ///
  /// - Parameter nowMilliseconds: the present since 1970-01-01T00:00:00Z, for a `Retry-After` that is a date.
  public static func result(_ result: HTTPResult, nowMilliseconds: Int64) -> DeliveryResult {
    switch result {
    case .answer(let answer): of(answer, nowMilliseconds)
    case .failure(let failure): of(failure)
    }
  }

  private static func of(_ answer: HTTPAnswer, _ nowMilliseconds: Int64) -> DeliveryResult {
    let wait = RetryAfter.milliseconds(answer.retryAfter, nowMilliseconds: nowMilliseconds)
    let code = "http-\(answer.status)"
    switch answer.status {
    case 200...299:
      let detail = answer.end == .complete ? "" : "the answer's body is \(answer.end.rawValue)"
      return DeliveryResult(.delivered, code: code, detail: detail)
    case 300...399:
      return DeliveryResult(.retry, code: code, detail: "redirects are not followed")
    case 401, 403, 404:
      return DeliveryResult(.permanent, code: "endpoint-fault-\(answer.status)", detail: shown(answer))
    case 410:
      return DeliveryResult(.endpointDisabled, code: code, detail: "the endpoint says that it is gone")
    case 429:
      // A wait of zero names none: without one the queue's own backoff is what protects the receiver.
      guard let wait, wait > 0 else { return DeliveryResult(.retry, code: code, detail: shown(answer)) }
      return DeliveryResult(.throttled, retryAfterMilliseconds: wait, code: code, detail: shown(answer))
    case 408, 425, 500...:
      return DeliveryResult(.retry, retryAfterMilliseconds: wait ?? 0, code: code, detail: shown(answer))
    default:
      return DeliveryResult(.permanent, code: code, detail: shown(answer))
    }
  }

  private static func of(_ failure: HTTPFailure) -> DeliveryResult {
    switch failure.reason {
    case .timeout, .broken, .cancelled:
      if failure.requestSent {
        return DeliveryResult(.unknown, code: "no-answer-\(failure.reason.rawValue)", detail: failure.detail)
      }
      return DeliveryResult(
        failure.reason == .cancelled ? .cancelled : .retry, code: failure.reason.rawValue, detail: failure.detail)
    case .addressRefused:
      return DeliveryResult(.permanent, code: failure.reason.rawValue, detail: failure.detail)
    case .resolve, .connect, .tls, .certificate, .deadline, .malformed, .headersTooLarge, .internal:
      return DeliveryResult(.retry, code: failure.reason.rawValue, detail: failure.detail)
    }
  }

  /// The beginning of the answer's body, with nothing in it that could play tricks on a terminal.
  private static func shown(_ answer: HTTPAnswer) -> String {
    let text = String(decoding: answer.body.prefix(maximumShownBytes), as: UTF8.self)
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
