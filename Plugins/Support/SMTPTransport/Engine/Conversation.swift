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
  /// Why we ended it: something that is needed is not offered, or the server does not keep to SMTP.
  private(set) var fault: SMTPFailure.Reason?
  /// Whether the server offered SMTPUTF8 on this connection; nil when it was open before this mail.
  private(set) var offersUTF8: Bool?
  private let needs: Needs
  private var reader = ReplyReader()
  private var isSecured = false
  /// Whether the reply that ends the mail came: what follows is the answer to QUIT.
  private var isOver: Bool { stage == nil || fault != nil || stage != .hello && refusal != nil }
  /// The answer to QUIT (RFC 5321, section 4.2.3), and to nothing else that we say.
  private static let goodbye = 221
  /// What AUTH's server says in between (RFC 4954, section 4).
  private static let challenge = 334

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
  var refusal: SMTPReply? { reply.flatMap { (400...599).contains($0.code) ? $0 : nil } }

  /// Whether the last reply asks for more of what proves who we are.
  var isAskingForLogin: Bool { stage == .authentication && reply?.code == Self.challenge }

  /// Reads one line. False: go no further.
  mutating func line(_ line: UnsafeRawBufferPointer) -> Bool {
    guard !isOver, let stage else { return true }
    guard let reply = reader.line(line) else {
      if reader.isOverlong { fault = .malformed }
      return fault == nil
    }
    guard reply.code != Self.goodbye else { return true }
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
    // HELO may follow a refused EHLO; any other refusal ends the mail, and libcurl goes no further.
    case (.authentication, Self.challenge), (_, 400...599): break
    default: fault = .malformed
    }
    return fault == nil
  }

  /// EHLO's answer, or HELO's, which offers nothing.
  private mutating func hello(_ offers: Set<SMTPOffer>) {
    offersUTF8 = offers.contains(.utf8)
    if needs.starttls, !isSecured {
      stage = .starttls
    } else if needs.authentication, !offers.contains(.authentication) {
      fault = .authenticationNotOffered
    } else if needs.utf8, !offers.contains(.utf8) {
      fault = .utf8NotOffered
    } else {
      stage = needs.authentication ? .authentication : .sender
    }
  }
}
