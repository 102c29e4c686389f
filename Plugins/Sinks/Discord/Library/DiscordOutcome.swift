import HTTPTransport
import PluginKit0

/// What an answer, or the lack of one, means for a delivery. Pure.
enum DiscordOutcome {
  /// Codes in a body that say that a webhook is gone: Unknown Webhook, Invalid Webhook Token.
  private static let gone: Set<Int64> = [10_015, 50_027]
  private static let maximumShownCharacters = 300

  /// The body of an answer, as far as it counts.
  private struct Body {
    var code: Int64?
    var message: String?
    var id: String?
    var retryAfterMilliseconds: UInt64?
    var isGlobal = false

    init(_ bytes: [UInt8]) {
      guard let object = (try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)))?.object else { return }
      code = object["code"]?.integer
      message = object["message"]?.string
      id = object["id"]?.string
      isGlobal = object["global"]?.bool ?? false
      if let seconds = object["retry_after"]?.number, seconds >= 0 {
        retryAfterMilliseconds = UInt64(min((seconds * 1_000).rounded(.up), Double(DiscordPacer.furthestMilliseconds)))
      }
    }
  }

  /// The result of an answer.
  ///
  /// - Parameter isOwnAddress: whether the address is the configuration's, so that its end is the sink's end.
  static func result(_ answer: HTTPAnswer, isOwnAddress: Bool) -> DeliveryResult {
    let body = Body(answer.body)
    let code = "http-\(answer.status)"
    switch answer.status {
    case 200...299: return DeliveryResult(.delivered, code: code, receipt: body.id ?? "")
    case 429:
      return DeliveryResult(
        .throttled, retryAfterMilliseconds: wait(answer) ?? 1_000, code: body.isGlobal ? "http-429-global" : code,
        detail: "Discord asks to wait")
    case 404: return gone(code, isOwnAddress)
    case 401, 403:
      if body.code.map(gone.contains) ?? false { return gone("discord-\(body.code ?? 0)", isOwnAddress) }
      return DeliveryResult(.permanent, code: "endpoint-fault-\(answer.status)", detail: shown(body))
    case 408, 500...:
      return DeliveryResult(.retry, retryAfterMilliseconds: wait(answer) ?? 0, code: code, detail: shown(body))
    case 300...399: return DeliveryResult(.retry, code: code, detail: "redirects are not followed")
    default:
      if body.code.map(gone.contains) ?? false { return gone("discord-\(body.code ?? 0)", isOwnAddress) }
      return DeliveryResult(.permanent, code: body.code.map { "discord-\($0)" } ?? code, detail: shown(body))
    }
  }

  /// The result of no answer. A message that was sent in full may stand in the channel: Discord has no way to tell a
  /// repetition, so the sink's own policy decides.
  static func result(_ failure: HTTPFailure) -> DeliveryResult {
    switch failure.reason {
    case .timeout, .broken, .cancelled:
      if failure.requestSent {
        return DeliveryResult(.unknown, code: "no-answer-\(failure.reason.rawValue)", detail: failure.detail)
      }
      return DeliveryResult(
        failure.reason == .cancelled ? .cancelled : .retry, code: failure.reason.rawValue, detail: failure.detail)
    case .addressRefused: return DeliveryResult(.permanent, code: failure.reason.rawValue, detail: failure.detail)
    case .resolve, .connect, .tls, .certificate, .deadline, .malformed, .headersTooLarge, .internal:
      return DeliveryResult(.retry, code: failure.reason.rawValue, detail: failure.detail)
    }
  }

  /// The wait that a 429 names: the body's, in fractions of a second, else the header's.
  static func wait(_ answer: HTTPAnswer) -> UInt64? {
    Body(answer.body).retryAfterMilliseconds ?? RetryAfter.milliseconds(answer.retryAfter, nowMilliseconds: 0)
  }

  /// Whether a 429 is for everything this address sends.
  static func isGlobal(_ answer: HTTPAnswer) -> Bool {
    answer.status == 429 && (answer.rateLimit["global"] == "true" || Body(answer.body).isGlobal)
  }

  private static func gone(_ code: String, _ isOwnAddress: Bool) -> DeliveryResult {
    DeliveryResult(
      isOwnAddress ? .sinkDisabled : .endpointDisabled, code: code, detail: "Discord says that this webhook is gone")
  }

  /// What Discord says, with nothing in it that could play tricks on a terminal.
  private static func shown(_ body: Body) -> String {
    let text = (body.message ?? "").prefix(maximumShownCharacters)
    return String(
      text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : $0 })
  }
}
