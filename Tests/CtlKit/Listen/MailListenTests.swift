import NIOCore
import NIOPosix
import Testing

@testable import CtlKit

/// `ctl listen --smtp`: the conversation, and what a mail says.
@Suite("ctl listen, mail")
struct MailListenTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

  private static func mail(_ text: String, to recipients: [String] = ["ada@example.org"]) -> ReceivedMail {
    ReceivedMail(.init(sender: "bells@example.org", recipients: recipients, bytes: bytes(text)))
  }

  /// The replies' codes to lines, and the mails.
  private static func converse(_ lines: [String]) -> (codes: [String], mails: [SMTPSession.Envelope]) {
    var session = SMTPSession()
    var codes: [String] = []
    var mails: [SMTPSession.Envelope] = []
    for line in lines {
      switch session.receive(Array(line.utf8)) {
      case .none: continue
      case .reply(let reply): codes.append(String(reply.prefix(3)))
      case .close(let reply): codes.append(String(reply.prefix(3)) + " closed")
      case .mail(let envelope): mails.append(envelope)
      }
    }
    return (codes, mails)
  }

  @Test("a mail is taken whole: sender, addressees, text with its dots undone")
  func conversation() {
    let (codes, mails) = Self.converse([
      "EHLO x", "MAIL FROM:<bells@example.org> SIZE=10", "RCPT TO:<ada@example.org>", "rcpt to: <bob@example.org>",
      "DATA", "Subject: Hi", "", "..leading", "plain", ".", "QUIT",
    ])
    #expect(codes == ["250", "250", "250", "250", "354", "221 closed"])
    #expect(mails.map(\.recipients) == [["ada@example.org", "bob@example.org"]])
    #expect(mails.first?.bytes == Self.bytes("Subject: Hi\n\n.leading\nplain\n"))
    #expect(mails.first?.fault == nil)
  }

  @Test(
    "what comes out of order or is no command is refused, and harms nothing",
    arguments: [
      ["MAIL FROM:<a@b.c>"], ["EHLO x", "RCPT TO:<a@b.c>"], ["EHLO x", "DATA"], ["EHLO x", "MAIL FROM:a@b.c"],
      ["EHLO x", "MAIL FROM:<a@b.c>", "RCPT TO:<>"], ["EHLO x", "STARTTLS"], ["", ""], ["EHLO x", "MAIL"],
      ["EHLO x", "MAIL FROM:<a@b.c>", "MAIL FROM:<a@b.c>"], ["\u{0}\u{1}"],
    ])
  func refusals(_ lines: [String]) throws {
    let (codes, mails) = Self.converse(lines)
    #expect(try #require(codes.last).first == "5")
    #expect(mails.isEmpty)
  }

  @Test("too many mistakes and too many addressees end or stop it")
  func bounds() {
    let many = Self.converse(Array(repeating: "WHAT", count: SMTPSession.maxFaults)).codes
    #expect(many.last == "421 closed")
    let recipients = Array(repeating: "RCPT TO:<a@b.c>", count: SMTPSession.maxRecipients + 1)
    #expect(Self.converse(["EHLO x", "MAIL FROM:<>"] + recipients).codes.last == "452")
  }

  @Test("a line that is too long, or ends in a bare CR or LF, is a fault of the mail")
  func wire() {
    var session = SMTPSession()
    for line in ["EHLO x", "MAIL FROM:<a@b.c>", "RCPT TO:<a@b.c>", "DATA"] { _ = session.receive(Array(line.utf8)) }
    #expect(session.broken("a bare LF") == .none)
    guard case .mail(let envelope) = session.receive([Byte.dot]) else {
      Issue.record("no mail")
      return
    }
    #expect(SMTPSession.answer(taken: true, fault: envelope.fault) == "554 5.6.0 a bare LF")
    let long = Self.converse([
      "EHLO x", "MAIL FROM:<a@b.c>", "RCPT TO:<a@b.c>", "DATA", String(repeating: "x", count: 999), ".",
    ])
    #expect(long.mails.first?.fault?.contains("998") == true)
  }

  @Test("encoded headers and both texts are read, whatever their encoding")
  func reading() throws {
    let mail = Self.mail(
      """
      From: =?utf-8?Q?Carill=C3=B3n?= <bells@example.org>
      Subject: =?utf-8?B?8J+OgiBIYXBweSA=?=
       =?utf-8?B?YmlydGhkYXk=?= and more
      Content-Type: multipart/alternative; boundary="b=1"

      preamble
      --b=1
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      Caf=C3=A9 =
      goes on
      --b=1
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: base64

      PHA+SGk8L3A+
      --b=1--
      epilogue
      """)
    let json = mail.json
    #expect(json["subject"]?.text == "🎂 Happy birthday and more")
    #expect(json["from"]?.text == "Carillón <bells@example.org>")
    #expect(json["text"]?.text == "Café goes on")
    #expect(json["html"]?.text == "<p>Hi</p>")
    let lines = mail.lines(zone: .utc, paint: .off)
    #expect(lines.first == "00:00:00.000  250  Mail  to ada@example.org")
    #expect(lines.contains("  │ Subject: 🎂 Happy birthday and more") && lines.last == "  │ Café goes on")
  }

  @Test(
    "what is no proper mail is shown as far as it goes",
    arguments: [
      "", "\n", "no colon here", "Subject: =?utf-8?B?!!!?=\n\nx", "Content-Type: multipart/mixed\n\nx",
      "Content-Type: multipart/mixed; boundary=a\n\n--a\n--a\n--a", "Content-Type: text/plain\n\n=4", "A: b",
      "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\nx\n--a--",
    ])
  func oddities(_ text: String) {
    let mail = Self.mail(text)
    #expect(!mail.lines(zone: .utc, paint: .off).isEmpty)
    #expect(mail.json["kind"]?.text == "mail")
    let cut = ReceivedMail(.init(sender: "", recipients: [], bytes: Array(text.utf8)))
    #expect(cut.json["kind"]?.text == "mail")
  }

  @Test("over a socket: pipelined commands, two mails on one connection, one of them refused as asked")
  func overASocket() async throws {
    let told = TextCollector()
    let plan = AnswerPlan(
      usual: .init(status: 204, retryAfterSeconds: nil, delayMilliseconds: 0), failFirst: 1, failStatus: 503)
    let core = ReceiverCore(
      verifier: WebhookVerifier(secrets: []), plan: plan, clock: { 1_000 }, tell: { told.line($0.json.compact) })
    let receiver = try await Receiver.start(host: "127.0.0.1", port: 0, smtp: 0, core: core)
    let mail = "MAIL FROM:<a@b.c>\nRCPT TO:<ada@example.org>\nDATA\nSubject: Hi\n\ntext\n.\n"
    let answer = try await Self.exchange(port: try #require(receiver.smtpPort), "EHLO x\n" + mail + mail + "QUIT\n")
    await receiver.stop()
    let codes = answer.split(separator: "\r\n").map { String($0.prefix(4)) }
    #expect(
      codes == [
        "220 ", "250-", "250-", "250-", "250-", "250 ", "250 ", "250 ", "354 ", "451 ", "250 ", "250 ", "354 ", "250 ",
        "221 ",
      ])
    let lines = told.text.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("refused for now") && !lines[1].contains("problem"))
    #expect(core.total == .init(received: 2, answered: 2, verified: 0, refused: 1))
  }

  private static func exchange(port: Int, _ text: String) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: bytes(text)))
      var answer = ""
      for try await part in inbound { answer += String(buffer: part) }
      return answer
    }
  }
}
