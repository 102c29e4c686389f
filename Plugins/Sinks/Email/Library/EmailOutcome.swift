import PluginKit0
import SMTPTransport

/// What a server's reply, or the lack of one, means for a delivery.
struct EmailOutcome: Sendable {
  private static let maximumDetailBytes = 512
  private static let maximumReceiptBytes = 240
  /// A server that says "later" means minutes (RFC 5321, section 4.5.4.1, speaks of thirty): the first wait, doubled
  /// with each attempt up to the longest.
  private static let firstWaitMilliseconds: UInt64 = 60_000
  private static let longestWaitMilliseconds: UInt64 = 3_600_000
  /// Replies to MAIL that speak of the login, not of the mail (RFC 4954, section 6).
  private static let loginCodes = [530, 534, 535, 538]

  let attempt: Int
  let messageID: String
  let personal: PersonalWords

  func result(_ result: SMTPResult) -> DeliveryResult {
    switch result {
    case .accepted(let reply): accepted(reply)
    case .refused(let reply, let stage): refused(reply, stage)
    case .failure(let failure): failed(failure)
    }
  }

  /// The receipt is what the server calls the mail, else what we do.
  private func accepted(_ reply: SMTPReply) -> DeliveryResult {
    let words = personal.masked(reply.text, maximumBytes: Self.maximumReceiptBytes)
    return DeliveryResult(.delivered, code: "smtp-\(reply.code)", receipt: words.isEmpty ? messageID : words)
  }

  private func refused(_ reply: SMTPReply, _ stage: SMTPStage) -> DeliveryResult {
    switch stage {
    case .greeting: later(reply, "greeting", detail: shown(reply))
    case .hello: later(reply, "hello", detail: shown(reply))
    case .starttls: later(reply, "starttls", detail: shown(reply))
    // Whatever the code, it is the sink's fault and not the mail's; the mails wait for the right password. Not that the
    // sink is disabled: a server whose directory is out of order says 535 as well.
    case .authentication: later(reply, "auth", detail: login(reply))
    case .sender where Self.loginCodes.contains(reply.code): later(reply, "auth", detail: login(reply))
    case .sender, .recipient, .data, .content:
      reply.code < 500
        ? later(reply, "smtp", detail: shown(reply))
        : DeliveryResult(.permanent, code: "smtp-\(reply.code)", detail: shown(reply))
    }
  }

  private func failed(_ failure: SMTPFailure) -> DeliveryResult {
    if failure.isContentSent {
      return DeliveryResult(.unknown, code: "no-answer-\(failure.reason.rawValue)", detail: failure.detail)
    }
    let outcome: Outcome =
      switch failure.reason {
      case .utf8NotOffered: .permanent
      case .cancelled: .cancelled
      default: .retry
      }
    return DeliveryResult(outcome, code: failure.reason.rawValue, detail: Self.explained(failure))
  }

  private func later(_ reply: SMTPReply, _ kind: String, detail: String) -> DeliveryResult {
    let doublings = UInt64(min(max(attempt - 1, 0), 10))
    return DeliveryResult(
      .retry, retryAfterMilliseconds: min(Self.firstWaitMilliseconds << doublings, Self.longestWaitMilliseconds),
      code: "\(kind)-\(reply.code)", detail: detail)
  }

  private func shown(_ reply: SMTPReply) -> String {
    personal.masked(reply.text, maximumBytes: Self.maximumDetailBytes)
  }

  /// The server's words about a login stay with the server.
  private func login(_ reply: SMTPReply) -> String {
    "the server does not accept the sink's user name and password"
      + (reply.enhancedCode.map { " (\($0))" } ?? "")
  }

  private static func explained(_ failure: SMTPFailure) -> String {
    switch failure.reason {
    case .tlsNotOffered: "the server does not offer STARTTLS, and plain text was not asked for; nothing was sent"
    case .authenticationNotOffered: "the server offers neither AUTH PLAIN nor AUTH LOGIN"
    case .utf8NotOffered: "the address needs SMTPUTF8, which the server does not offer"
    case .deadline: "the time to send ran out before a connection was free"
    case .timeout: "the server took too long"
    default: failure.detail
    }
  }
}
