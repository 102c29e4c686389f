import PluginKit0
import SMTPTransport

/// What a server's reply, or the lack of one, means for a delivery.
struct EmailOutcome: Sendable {
  private static let maximumDetailBytes = 512
  private static let maximumReceiptBytes = 240

  let attempt: Int
  let messageID: String
  /// What nobody is to read in a server's words.
  let personal: @Sendable () -> PersonalWords

  func result(_ result: SMTPResult) -> DeliveryResult {
    switch result {
    case .accepted(let reply): replied(reply, at: .content)
    case .refused(let reply, let stage): replied(reply, at: stage)
    case .failure(let failure): failed(failure)
    }
  }

  private func replied(_ reply: SMTPReply, at stage: SMTPStage) -> DeliveryResult {
    guard let rule = OutcomeTable.rule(reply, at: stage) else {
      return failed(SMTPFailure(.malformed, isContentSent: stage == .content))
    }
    let code = "\(rule.prefix)\(reply.code)"
    if rule.outcome == .delivered {
      // What the server calls the mail, else what we do.
      let words = personal().masked(reply.text, maximumBytes: Self.maximumReceiptBytes)
      return DeliveryResult(.delivered, code: code, receipt: words.isEmpty ? messageID : words)
    }
    // The server's words about a login stay with the server.
    let detail =
      rule.outcome == .throttled
      ? Self.login(reply, at: stage) : personal().masked(reply.text, maximumBytes: Self.maximumDetailBytes)
    return DeliveryResult(
      rule.outcome, retryAfterMilliseconds: rule.waitMilliseconds(attempt: attempt), code: code, detail: detail)
  }

  private func failed(_ failure: SMTPFailure) -> DeliveryResult {
    // The table has every reason; were one missing, the careful side is that the server may have the mail.
    let rule = OutcomeTable.rule(failure) ?? OutcomeRule(.noAnswer([failure.reason], isContentSent: true), .unknown)
    return DeliveryResult(
      rule.outcome, retryAfterMilliseconds: rule.waitMilliseconds(attempt: attempt),
      code: rule.prefix + failure.reason.rawValue, detail: Self.explained(failure))
  }

  private static func login(_ reply: SMTPReply, at stage: SMTPStage) -> String {
    let problem =
      stage == .authentication
      ? "the server does not accept the sink's user name and password or token"
      : "the server wants a login or TLS before it takes a mail, and the sink's configuration has none that it accepts"
    return problem + (reply.enhancedCode.map { " (\($0))" } ?? "")
  }

  private static func explained(_ failure: SMTPFailure) -> String {
    guard !failure.isContentSent else { return failure.detail }
    return switch failure.reason {
    case .tlsNotOffered: "the server does not offer STARTTLS, and plain text was not asked for; nothing was sent"
    case .authenticationNotOffered:
      "the server offers no AUTH that the sink can use: PLAIN or LOGIN, XOAUTH2 for a token"
    case .loginRefused: "the server does not accept the sink's user name and password or token"
    case .loginPaused: "the server refused the sink's login a moment ago; it is not tried again at once"
    case .noCredentials: "the password or token cannot be had: \(failure.detail)"
    case .utf8NotOffered: "the address needs SMTPUTF8, which the server does not offer"
    case .unsafeContent: "the mail's bytes have a line end or a NUL that servers disagree about"
    case .deadline: "the time to send ran out before a connection was free"
    case .timeout: "the server took too long"
    case .malformed: "what the server said is no SMTP, or no answer to what was said"
    default: failure.detail
    }
  }
}
