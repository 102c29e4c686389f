/// A mail, as the receiver tells it.
struct ReceivedMail: Received {
  /// Milliseconds since 1970, when the mail was complete.
  var timeMilliseconds: Int64 = 0
  /// Whether it was refused for now, because failures were asked for.
  var isRefused = false
  let envelope: SMTPSession.Envelope
  private let mail: MailPart

  init(_ envelope: SMTPSession.Envelope) {
    self.envelope = envelope
    mail = MailPart(envelope.bytes[...])
  }

  /// Why it was not taken; nil when it was.
  private var problem: String? { envelope.fault ?? (isRefused ? "refused for now" : nil) }

  private var subject: String { mail.header("subject") ?? "" }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("time", .string(Timestamps.rfc3339(milliseconds: timeMilliseconds))), ("kind", .string("mail")),
      ("sender", .string(envelope.sender)), ("recipients", .array(envelope.recipients.map(JSONValue.string))),
    ]
    if let problem { members.append(("problem", .string(problem))) }
    for (name, header) in [
      ("from", "from"), ("to", "to"), ("subject", "subject"), ("date", "date"), ("messageId", "message-id"),
    ] {
      if let value = mail.header(header) { members.append((name, .string(value))) }
    }
    if let text = mail.text(of: "text/plain") { members.append(("text", .string(text))) }
    if let html = mail.text(of: "text/html") { members.append(("html", .string(html))) }
    return .object(members)
  }

  func lines(zone: ZoneClock, paint: Paint) -> [String] {
    let head = [
      zone.timeOfDay(milliseconds: timeMilliseconds),
      problem.map { paint(Printable.escaped($0), .bad) } ?? paint("250", .good), paint("Mail", .heading),
      "to " + Printable.escaped(envelope.recipients.joined(separator: ", ")),
    ].joined(separator: "  ")
    return [head] + Framed.lines(shown, paint: paint)
  }

  var row: [Table.Cell] {
    [
      .init(envelope.recipients.first ?? ""), .init("mail"), .init(""), .init(""), .init(String(subject.prefix(100))),
      problem.map { .init($0, .bad) } ?? .init("taken", .good), .init(""),
    ]
  }

  /// As a mail program shows it: who, to whom, about what, the text.
  private var shown: String {
    let heads = [("From", "from"), ("To", "to"), ("Date", "date"), ("Subject", "subject")].compactMap { name, header in
      mail.header(header).map { "\(name): \($0)" }
    }
    let text = mail.text(of: "text/plain") ?? mail.text(of: "text/html").map { "(HTML only)\n" + $0 } ?? "(no text)"
    let trimmed = text.reversed().drop(while: \.isNewline).reversed()
    return (heads + ["", String(trimmed)]).joined(separator: "\n")
  }
}
