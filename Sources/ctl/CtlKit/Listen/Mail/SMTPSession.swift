/// One SMTP conversation (RFC 5321), as far as a sender needs it to try things out: no relaying, no accounts, no TLS.
/// Pure: lines in, replies and finished mails out.
struct SMTPSession {
  /// Longest command or text line, in bytes, without its end. RFC 5321 (4.5.3.1.6) allows senders 998.
  static let maxLineBytes = 64 * 1_024
  /// Longest mail, in bytes.
  static let maxMailBytes = 10 * 1_024 * 1_024
  /// Most addressees of one mail.
  static let maxRecipients = 100
  /// After so many refused commands the connection ends.
  static let maxFaults = 20

  /// What to do after a line.
  enum Action: Equatable {
    case none
    case reply(String)
    /// The mail is complete: tell it, then answer by ``SMTPSession/answer(taken:)``.
    case mail(Envelope)
    case close(String)
  }

  /// A mail and where it goes.
  struct Envelope: Equatable {
    var sender = ""
    var recipients: [String] = []
    /// Lines end with CR LF; leading dots are undone.
    var bytes: [UInt8] = []
    /// The mail broke a rule of the wire: a line end that is not CR LF, too long a line.
    var fault: String?
  }

  private enum State { case command, mail, text }

  static let greeting = "220 carillon-listen ESMTP"
  private var state = State.command
  private var isGreeted = false
  private var envelope = Envelope()
  private var faults = 0

  /// The reply to a complete mail.
  static func answer(taken: Bool, fault: String?) -> String {
    if let fault { return "554 5.6.0 \(fault)" }
    return taken ? "250 2.0.0 taken" : "451 4.3.0 refused for now, as asked"
  }

  /// Takes a line without its CR LF.
  mutating func receive(_ line: [UInt8]) -> Action {
    if state == .text { return text(line) }
    let words = String(decoding: line, as: UTF8.self)
    let verb = words.prefix { $0 != " " }.uppercased()
    let rest = words.dropFirst(verb.count).drop { $0 == " " }
    switch verb {
    case "EHLO":
      isGreeted = true
      reset()
      return .reply(
        "250-carillon-listen\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE \(Self.maxMailBytes)")
    case "HELO":
      isGreeted = true
      reset()
      return .reply("250 carillon-listen")
    case "MAIL": return mail(rest)
    case "RCPT": return recipient(rest)
    case "DATA":
      guard state == .mail, !envelope.recipients.isEmpty else { return refuse("503 5.5.1 MAIL and RCPT come first") }
      state = .text
      return .reply("354 end with a dot on a line of its own")
    case "RSET":
      reset()
      return .reply("250 2.0.0 forgotten")
    case "NOOP": return .reply("250 2.0.0 fine")
    case "VRFY": return .reply("252 2.5.0 try and see")
    case "QUIT": return .close("221 2.0.0 goodbye")
    default: return refuse("502 5.5.2 not known here")
    }
  }

  /// A line ended otherwise than by CR LF, or is too long. In a mail that is a fault of the mail (SMTP smuggling); in a
  /// command it ends the conversation.
  mutating func broken(_ why: String) -> Action {
    guard state == .text else { return .close("500 5.5.2 \(why)") }
    envelope.fault = why
    return .none
  }

  private mutating func text(_ line: [UInt8]) -> Action {
    if line == [Byte.dot] {
      let finished = envelope
      reset()
      return .mail(finished)
    }
    guard envelope.bytes.count + line.count <= Self.maxMailBytes else {
      envelope.fault = "longer than \(Self.maxMailBytes) bytes"
      return .none
    }
    if line.count > 998 { envelope.fault = "a line of \(line.count) bytes; 998 are allowed" }
    envelope.bytes += line.first == Byte.dot ? line[1...] : line[...]
    envelope.bytes += [Byte.carriageReturn, Byte.lineFeed]
    return .none
  }

  private mutating func mail(_ rest: Substring) -> Action {
    guard isGreeted, state == .command else { return refuse("503 5.5.1 EHLO comes first, and one mail at a time") }
    guard let address = Self.address(rest, after: "FROM:") else { return refuse("501 5.5.4 MAIL FROM:<address>") }
    envelope.sender = address
    state = .mail
    return .reply("250 2.1.0 from there")
  }

  private mutating func recipient(_ rest: Substring) -> Action {
    guard state == .mail else { return refuse("503 5.5.1 MAIL comes first") }
    guard let address = Self.address(rest, after: "TO:"), !address.isEmpty else {
      return refuse("501 5.5.4 RCPT TO:<address>")
    }
    guard envelope.recipients.count < Self.maxRecipients else { return refuse("452 4.5.3 too many") }
    envelope.recipients.append(address)
    return .reply("250 2.1.5 to there")
  }

  private mutating func reset() {
    state = .command
    envelope = Envelope()
  }

  private mutating func refuse(_ reply: String) -> Action {
    faults += 1
    return faults >= Self.maxFaults ? .close("421 4.7.0 too many mistakes") : .reply(reply)
  }

  /// What stands between `<` and `>`.
  private static func address(_ text: Substring, after prefix: String) -> String? {
    guard text.prefix(prefix.count).uppercased() == prefix else { return nil }
    let rest = text.dropFirst(prefix.count).drop { $0 == " " }
    guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
    return String(rest[rest.index(after: rest.startIndex)..<end])
  }
}
