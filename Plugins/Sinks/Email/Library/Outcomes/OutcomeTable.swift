import PluginKit0
import SMTPTransport

/// What every end of a mail means: the table of docs/sinks/email.md, in the same order. The first row that covers an end
/// decides.
enum OutcomeTable {
  private static let refusals = [400...599]
  private static let mailStages: [SMTPStage] = [.sender, .recipient, .data, .content]

  static let rules: [OutcomeRule] = [
    OutcomeRule(.reply([.content], [200...299]), .delivered, "smtp-"),
    // Before a mail: the server's fault or the sink's, not the mail's.
    OutcomeRule(.reply([.greeting], refusals), .retry, "greeting-", .doubling(minutes: 1)),
    OutcomeRule(.reply([.hello], refusals), .retry, "hello-", .doubling(minutes: 1)),
    OutcomeRule(.reply([.starttls], refusals), .retry, "starttls-", .doubling(minutes: 1)),
    // The mails wait for the right password, and use up no attempt; not that the sink is disabled: a server whose directory
    // is out of order says 535 as well. The codes of RFC 4954, section 6, come to any command when a login is missing.
    OutcomeRule(.reply([.authentication], refusals), .throttled, "auth-", .always(minutes: 5)),
    OutcomeRule(
      .reply([.sender, .recipient, .data], [530...530, 534...535, 538...538]), .throttled, "auth-", .always(minutes: 5)),
    // Greylisting wants some five minutes, and a queue has few attempts.
    OutcomeRule(.reply([.recipient], [400...499]), .retry, "smtp-", .doubling(minutes: 5)),
    OutcomeRule(.reply([.sender, .data, .content], [400...499]), .retry, "smtp-", .doubling(minutes: 1)),
    OutcomeRule(.reply(mailStages, [500...599]), .permanent, "smtp-"),
    OutcomeRule(
      .noAnswer(
        [
          .resolve, .connect, .tls, .certificate, .tlsNotOffered, .authenticationNotOffered, .timeout, .deadline,
          .broken,
          .malformed, .internal,
        ], isContentSent: false), .retry, "", .doubling(minutes: 1)),
    OutcomeRule(
      .noAnswer([.loginRefused, .loginPaused, .noCredentials], isContentSent: false), .throttled, "",
      .always(minutes: 5)),
    OutcomeRule(.noAnswer([.utf8NotOffered, .unsafeContent], isContentSent: false), .permanent),
    OutcomeRule(.noAnswer([.cancelled], isContentSent: false), .cancelled),
    // The server may have it.
    OutcomeRule(
      .noAnswer(SMTPFailure.Reason.allCases, isContentSent: true), .unknown, "no-answer-", .doubling(minutes: 1)),
    OutcomeRule(.unsendable(["invalid-address", "invalid-message"]), .permanent),
  ]

  static func rule(_ reply: SMTPReply, at stage: SMTPStage) -> OutcomeRule? {
    rules.first { $0.covers(reply, at: stage) }
  }

  static func rule(_ failure: SMTPFailure) -> OutcomeRule? { rules.first { $0.covers(failure) } }
}
