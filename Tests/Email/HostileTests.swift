import EmailPlugin
import Foundation
import PluginKit0
import SMTPTransport
import Testing

/// Servers of raw sockets that break every rule. After each of them the next mail on the sink arrives.
@Suite("A hostile server")
struct HostileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let script: [[String]]
    /// Outcome and code.
    let result: String
    var testDescription: String { name }

    init(_ name: String, _ script: [[String]], _ result: String) {
      self.name = name
      self.script = script
      self.result = result
    }
  }

  /// The result of a mail, once a second one has arrived.
  private func result(
    _ script: [[String]], seconds: Double = 60
  ) throws -> (result: DeliveryResult, test: SinkUnderTest) {
    let test = try SinkUnderTest(hostile: [script], tls: "none", #", "max_connections": 1"#)
    let result = try test.result(try Sample.delivery(1, seconds: seconds, message: Message(title: "T", text: "x")))
    let next = try test.result(try Sample.delivery(2))
    test.sink.deactivate()
    #expect(next.outcome == .delivered, "\(next); heard \(test.server.commands)")
    #expect(test.server.surprises == [])
    return (result, test)
  }

  @Test(
    "a server that goes away is retried before the dot, and unknown behind it",
    arguments: ["close", "reset"], ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
  func gone(how: String, stage: String) throws {
    let (result, _) = try result(Dialog.until(stage) + [[how, ""]])
    #expect("\(result.outcome) \(result.code)" == (stage == "dot" ? "unknown no-answer-broken" : "retry broken"))
    #expect(result.retryAfterMilliseconds == 60_000)
  }

  private static let inBody = [
    Case("closes in mid-body", Dialog.data + [["bytes", "70000"], ["close", ""]], "broken"),
    Case("resets in mid-body", Dialog.data + [["bytes", "70000"], ["reset", ""]], "broken"),
    Case("hangs in mid-body", Dialog.data + [["bytes", "70000"], ["pause", "never"]], "timeout"),
    Case(
      "refuses in mid-body and reads on",
      Dialog.data + [["bytes", "70000"], ["say", "552 5.3.4 too large\r\n"], ["skip", ""], ["polite", "open"]], "552"),
    Case(
      "puts off in mid-body and reads on",
      Dialog.data + [["bytes", "70000"], ["say", "452 4.3.1 disk full\r\n"], ["skip", ""], ["polite", "open"]], "452"),
  ]

  @Test("in mid-body the mail is not with the server", arguments: inBody)
  func midBody(test: Case) throws {
    let server = try MailServer(hostile: [test.script])
    var settings = SMTPSettings(host: "127.0.0.1", port: server.port, security: .none)
    settings.maximumConnections = 1
    // Only who hangs waits for it.
    settings.timeoutMilliseconds = test.result == "timeout" ? 1_000 : 60_000
    let log = Watched([SMTPCompletion]())
    let session = try SMTPSession(settings) { completion in log.change { $0.append(completion) } }
    // More than sockets' buffers hold.
    for (token, lines) in [(UInt64(1), 100_000), (2, 1)] {
      let content = Array(String(repeating: "All of this is text, and there is much of it.\r\n", count: lines).utf8)
      try session.submit([
        SMTPMail(
          token: token, sender: try MailAddress("a@example.org"), recipient: try MailAddress("b@example.org"),
          content: content)
      ])
      #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    }
    session.close()
    switch log.current.first?.result {
    case .failure(let failure): #expect(failure.reason.rawValue == test.result && !failure.isContentSent)
    case .refused(let reply, let stage): #expect("\(reply.code)" == test.result && stage == .content)
    default: Issue.record("the first mail ended as \(String(describing: log.current.first))")
    }
    #expect(log.current.last?.result == .accepted(SMTPReply(code: 250, text: "2.0.0 Ok: queued as 4XyZ7q")))
  }

  @Test("answers in parts are answers: byte by byte, and lines split over packets")
  func parts() throws {
    let script = [
      ["drip", "220-x\r\n220-y\r\n220 x ESMTP\r\n"], ["hear", "EHLO"],
      ["drip", "250-x\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"],
      ["hear", "MAIL"], ["say", "25"], ["say", "0 2.1.0"], ["say", " Ok\r"], ["say", "\n"], ["hear", "RCPT"],
      ["drip", "250-2.1.5 first\r\n250-2.1.5 second\r\n250 2.1.5 third\r\n"], ["hear", "DATA"],
      ["drip", "354 go on\r\n"],
      ["body", ""], ["say", "250-2.0.0 Ok:\r"], ["say", "\n250 2.0.0 queued as 77\r\n"], ["polite", "open"],
    ]
    let (result, test) = try result(script)
    #expect(result == DeliveryResult(.delivered, code: "smtp-250", receipt: "2.0.0 Ok: 2.0.0 queued as 77"))
    #expect(test.server.mails.count == 2 && test.server.connections == 1)
  }

  private static let endless = [
    Case("greeting", [["flood", "220-welcome\r\n"]], "retry malformed"),
    Case("greeting that is no SMTP", [["flood", "welcome\r\n"]], "retry malformed"),
    // libcurl takes each of these lines for an answer, and has a bound of its own on what comes at once.
    Case("EHLO", Dialog.until("EHLO") + [["flood", "250-X-OFFER\r\n"]], "retry broken"),
    Case("MAIL", Dialog.until("MAIL") + [["flood", "250-more\r\n"]], "retry malformed"),
    Case("RCPT", Dialog.until("RCPT") + [["flood", "550-no and no and no\r\n"]], "retry malformed"),
    Case("DATA", Dialog.until("DATA") + [["flood", "354-go on and on\r\n"]], "retry malformed"),
    Case("dot", Dialog.content + [["flood", "250-thanks\r\n"]], "unknown no-answer-malformed"),
    Case(
      "QUIT", Dialog.until("RCPT") + [["say", "550 5.1.1 no\r\n"], ["hear", "QUIT"], ["flood", "221-bye and\r\n"]],
      "permanent smtp-550"),
  ]

  @Test("an endless answer ends at 64 KiB", arguments: endless)
  func bounded(test: Case) throws {
    let (result, _) = try result(test.script, seconds: 600)
    #expect("\(result.outcome) \(result.code)" == test.result)
  }

  @Test("a line without an end, or of a megabyte, is bounded")
  func longLines() throws {
    let (endless, _) = try result(Dialog.until("MAIL") + [["flood", "x"]], seconds: 2)
    #expect(endless.outcome == .retry && ["timeout", "broken"].contains(endless.code), "\(endless)")
    let words = [["say", "550 5.1.1 "], ["long", "no "], ["say", "\r\n"], ["listen", ""]]
    let (long, _) = try result(Dialog.until("RCPT") + words, seconds: 20)
    #expect(
      ["permanent smtp-550", "retry broken", "retry malformed"].contains("\(long.outcome) \(long.code)"), "\(long)")
    #expect(long.detail.utf8.count <= 512)
  }

  @Test("an answer that comes after the time-out belongs to nobody")
  func late() throws {
    let script = Dialog.until("RCPT") + [["pause", "now"], ["say", "550 5.1.1 no\r\n"], ["listen", ""]]
    let test = try SinkUnderTest(hostile: [script], tls: "none", #", "max_connections": 1"#)
    #expect(try test.result(try Sample.delivery(1, seconds: 1)).code == "timeout")
    try test.server.pass("now")
    #expect(try test.result(try Sample.delivery(2)).outcome == .delivered)
    test.sink.deactivate()
    #expect(test.server.mails.count == 1 && test.server.connections == 2)
  }

  @Test(
    "an answer to something else is none",
    arguments: [
      ("greeting", "354 go on", "retry malformed"), ("EHLO", "354 go on", "retry malformed"),
      ("MAIL", "354 go on", "retry malformed"), ("MAIL", "199 hm", "retry malformed"),
      ("MAIL", "600 no", "retry malformed"),
      ("MAIL", "000 no", "retry malformed"), ("RCPT", "354 go on", "retry malformed"),
      ("DATA", "250 Ok", "retry malformed"),
      ("dot", "354 go on", "unknown no-answer-malformed"), ("dot", "150 hm", "unknown no-answer-malformed"),
      ("dot", "999 no", "unknown no-answer-malformed"), ("dot", "221 bye", "unknown no-answer-malformed"),
    ])
  func outOfTurn(stage: String, reply: String, expected: String) throws {
    let (result, _) = try result(Dialog.until(stage) + [["say", reply + "\r\n"], ["listen", ""]])
    #expect("\(result.outcome) \(result.code)" == expected)
  }

  @Test("bytes that nobody should see do not get into a receipt")
  func words() throws {
    let reply = "550 5.1.1 \u{0}\u{1B}[2Jzoe \u{202E}evil\u{7} is unknown\r\n"
    let (result, _) = try result(Dialog.until("RCPT") + [["say", reply], ["listen", ""]])
    #expect(result.code == "smtp-550" && result.detail == "5.1.1 … is unknown")
  }
}
