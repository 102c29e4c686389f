/// Where a mail stands with the server, read from the server's replies alone: libcurl tells a failure but not what it
/// was about, and goes on without authentication or SMTPUTF8 when the server offers none.
struct Conversation {
  /// What a mail needs beyond plain SMTP.
  struct Needs {
    var starttls = false
    var authentication = false
    var utf8 = false
  }

  /// Whose reply comes next; nil when the last one came.
  private(set) var stage: SMTPStage?
  /// The last whole reply.
  private(set) var reply: SMTPReply?
  /// Why we ended it.
  private(set) var missing: SMTPFailure.Reason?
  private let needs: Needs
  private var reader = ReplyReader()
  private var isSecured = false
  /// Whether the reply that ends the mail came: what follows is the answer to QUIT.
  private var isOver: Bool { stage == nil || missing != nil || stage != .hello && refusal != nil }
  /// The answer to QUIT (RFC 5321, section 4.2.3), and to nothing else that we say.
  private static let goodbye = 221

  /// A conversation on a connection that is open already, until ``connects()``.
  init(needs: Needs) {
    self.needs = needs
    stage = .sender
  }

  /// A new connection is made.
  mutating func connects() {
    guard stage == .sender || stage == .greeting else { return }
    stage = .greeting
  }

  /// The reply that says no; nil when none does.
  var refusal: SMTPReply? { reply.flatMap { $0.code >= 400 ? $0 : nil } }

  /// Reads one line. False: go no further.
  mutating func line(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !isOver, let stage, let reply = reader.line(line), reply.code != Self.goodbye else { return true }
    self.reply = reply
    let offers = reader.offers
    reader.forgetOffers()
    switch (stage, reply.code) {
    case (.greeting, 200...299): self.stage = .hello
    case (.hello, 200...299): hello(offers)
    case (.starttls, 220):
      isSecured = true
      self.stage = .hello
    case (.authentication, 235): self.stage = .sender
    case (.sender, 200...299): self.stage = .recipient
    case (.recipient, 200...299): self.stage = .data
    case (.data, 354): self.stage = .content
    case (.content, _): self.stage = nil
    default: break
    }
    return missing == nil
  }

  /// EHLO's answer, or HELO's, which offers nothing.
  private mutating func hello(_ offers: Set<SMTPOffer>) {
    if needs.starttls, !isSecured {
      stage = .starttls
    } else if needs.authentication, !offers.contains(.authentication) {
      missing = .authenticationNotOffered
    } else if needs.utf8, !offers.contains(.utf8) {
      missing = .utf8NotOffered
    } else {
      stage = needs.authentication ? .authentication : .sender
    }
  }
}
