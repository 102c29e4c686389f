import EmailPlugin
import Foundation
import PluginKit0
import Testing

/// Replies at every stage of the conversation, given by a real server.
@Suite("What a server's reply means")
struct OutcomeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let stage: String
    let reply: String
    let outcome: Outcome
    let code: String
    var testDescription: String { "\(stage): \(reply)" }

    init(_ stage: String, _ reply: String, _ outcome: Outcome, _ code: String) {
      self.stage = stage
      self.reply = reply
      self.outcome = outcome
      self.code = code
    }
  }

  @Test(
    "each reply has one outcome and a short, stable code",
    arguments: [
      Case("greeting", "554 5.3.2 no service!", .retry, "greeting-554"),
      Case("greeting", "421 busy!", .retry, "greeting-421"),
      Case("greeting", "!close", .retry, "broken"), Case("greeting", "hello there!", .retry, "broken"),
      Case("EHLO", "550 5.7.1 who?", .retry, "hello-550"), Case("EHLO", "!close", .retry, "broken"),
      Case("EHLO", "421 4.3.2 closing!", .retry, "hello-421"), Case("EHLO", "what was that?!", .retry, "broken"),
      Case("STARTTLS", "501 5.5.4 no", .retry, "starttls-501"), Case("STARTTLS", "not that!", .retry, "broken"),
      Case("STARTTLS", "454 4.7.0 not now", .retry, "starttls-454"), Case("STARTTLS", "!close", .retry, "broken"),
      Case("AUTH", "535 5.7.8 Error: bells / hunter2 wrong", .throttled, "auth-535"),
      Case("AUTH", "454 4.7.0 directory down", .throttled, "auth-454"),
      Case("AUTH", "!close", .retry, "broken"), Case("AUTH", "who are you?!", .retry, "broken"),
      Case("AUTH", "421 4.7.0 too many!", .throttled, "auth-421"), Case("AUTH", "250 Ok", .retry, "malformed"),
      Case("MAIL", "!close", .retry, "broken"), Case("MAIL", "garbage!", .retry, "broken"),
      Case("RCPT", "535 5.7.8 log in", .throttled, "auth-535"), Case("RCPT", "421 4.7.0 bye!", .retry, "smtp-421"),
      Case("RCPT", "552 5.2.2 full", .permanent, "smtp-552"), Case("RCPT", "garbage!", .retry, "broken"),
      Case("DATA", "530 5.7.0 log in", .throttled, "auth-530"), Case("DATA", "421 4.7.0 bye!", .retry, "smtp-421"),
      Case("DATA", "garbage!", .retry, "broken"), Case("dot", "421 4.7.0 bye!", .retry, "smtp-421"),
      Case("dot", "552 5.3.4 too large", .permanent, "smtp-552"), Case("dot", "garbage!", .unknown, "no-answer-broken"),
      Case("QUIT", "500 5.5.1 what?", .delivered, "smtp-250"), Case("QUIT", "!close", .delivered, "smtp-250"),
      Case("RSET", "500 5.5.1 what?", .delivered, "smtp-250"),
      Case("MAIL", "451 4.1.8 later", .retry, "smtp-451"), Case("MAIL", "553 5.7.1 not yours", .permanent, "smtp-553"),
      Case("MAIL", "530 5.7.0 log in first", .throttled, "auth-530"), Case("MAIL", "421 bye!", .retry, "smtp-421"),
      Case("RCPT", "450 4.2.1 greylisted", .retry, "smtp-450"),
      Case("RCPT", "550 5.1.1 <zoe@example.org>: unknown", .permanent, "smtp-550"),
      Case("RCPT", "550-5.1.1 the address\r\n550 5.1.1 zoe is no more", .permanent, "smtp-550"),
      Case("RCPT", "!close", .retry, "broken"),
      Case("DATA", "452 4.3.1 no room", .retry, "smtp-452"), Case("DATA", "554 5.5.1 no", .permanent, "smtp-554"),
      Case("DATA", "!close", .retry, "broken"), Case("dot", "451 4.3.0 later", .retry, "smtp-451"),
      Case("dot", "554 5.7.1 spam", .permanent, "smtp-554"), Case("dot", "251 fine", .delivered, "smtp-251"),
      Case("dot", "!close", .unknown, "no-answer-broken"), Case("dot", "354 what", .unknown, "no-answer-malformed"),
    ])
  func replies(test: Case) throws {
    let script = MailServer.Script(
      tls: "starttls", username: "bells", password: "hunter2", replies: [test.stage: [test.reply]])
    let sink = try SinkUnderTest(script, #", "username": "bells", "password": "env:P""#, secrets: ["env:P": "hunter2"])
    let result = try sink.result(try Sample.delivery())
    let next = try sink.result(try Sample.delivery(2))
    sink.sink.deactivate()
    #expect("\(result.outcome) \(result.code)" == "\(test.outcome) \(test.code)")
    #expect((result.retryAfterMilliseconds >= 60_000) == [.retry, .throttled, .unknown].contains(test.outcome))
    // Only a refused login says something about the mails that follow.
    let isPaused = test.stage == "AUTH" && test.outcome == .throttled
    #expect("\(next.outcome) \(next.code)" == (isPaused ? "throttled auth-paused" : "delivered smtp-250"))
    #expect(!sink.server.commands.contains { $0.hasPrefix("RSET") })
    #expect(
      !result.detail.lowercased().contains("zoe") && !result.detail.contains("hunter2")
        && !result.detail.contains("bells"))
    let isReceived = ["dot", "QUIT", "RSET"].contains(test.stage)
    #expect(sink.server.mails.count == (isReceived ? 1 : 0) + (isPaused ? 0 : 1))
  }

  @Test("EHLO that is not known falls back to HELO where nothing beyond it is needed")
  func hello() throws {
    let test = try SinkUnderTest(.init(replies: ["EHLO": ["502 5.5.1 what?"]]))
    #expect(try test.result(try Sample.delivery()).outcome == .delivered)
    test.sink.deactivate()
    let script = MailServer.Script(username: "u", password: "p", replies: ["EHLO": ["502 5.5.1 what?"]])
    let login = try SinkUnderTest(script, #", "username": "u", "password": "env:P""#, secrets: ["env:P": "p"])
    #expect(try login.result(try Sample.delivery()).code == "auth-not-offered")
    login.sink.deactivate()
    #expect(login.server.mails.isEmpty)
  }

  @Test(
    "credentials are for servers that ask for them: without AUTH, or with a kind we do not know, nothing is sent",
    arguments: [nil, ["CRAM-MD5"]])
  func authentication(mechanisms: [String]?) throws {
    let offer = mechanisms.map { "AUTH \($0[0])" } ?? "HELP"
    let test = try SinkUnderTest(
      .init(replies: ["EHLO": ["250-x\r\n250 \(offer)"]]), #", "username": "u", "password": "env:P""#,
      secrets: ["env:P": "p"])
    let result = try test.result(try Sample.delivery())
    test.sink.deactivate()
    #expect(result.outcome == .retry && result.code == "auth-not-offered")
    #expect(test.server.mails.isEmpty && !test.server.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test("a wrong password is the sink's fault: the mail waits")
  func wrongPassword() throws {
    let script = MailServer.Script(tls: "starttls", username: "bells", password: "right")
    let test = try SinkUnderTest(
      script, #", "username": "bells", "password": "env:P""#, secrets: ["env:P": "wrongpassword"])
    let result = try test.result(try Sample.delivery())
    test.sink.deactivate()
    #expect("\(result.outcome) \(result.code)" == "throttled auth-535" && !result.detail.contains("wrongpassword"))
    #expect(test.server.mails.isEmpty)
  }

  @Test("letters beyond ASCII before the @ need SMTPUTF8; without it the mail never works")
  func utf8() throws {
    let without = try SinkUnderTest()
    try without.deliver(try Sample.delivery(1), try Sample.delivery(2, to: "jörg@bücher.example"))
    without.sink.deactivate()
    #expect(without.host.result(2)?.outcome == .permanent && without.host.result(2)?.code == "smtputf8-not-offered")
    #expect(without.server.mails.count == 1)
    let with = try SinkUnderTest(.init(smtputf8: true))
    try with.deliver(try Sample.delivery(1), try Sample.delivery(2, to: "jörg@bücher.example"))
    with.sink.deactivate()
    #expect(with.host.completions.map(\.result.outcome) == [.delivered, .delivered])
    let mail = try #require(with.server.mails.last)
    #expect(mail.recipients == ["jörg@xn--bcher-kva.example"] && mail.options.contains("SMTPUTF8"))
    #expect(try MailReader.read(mail.content).addresses["To"] == [["Zoë Ω", "jörg", "xn--bcher-kva.example"]])
    #expect(with.server.mails.first?.options.contains("SMTPUTF8") == false)
  }

  @Test(
    "silence before the dot is a retry, behind it unknown; the deadline bounds both",
    arguments: ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot"])
  func silence(stage: String) throws {
    let script = MailServer.Script(username: "u", password: "p", replies: [stage: ["!silent"]])
    let test = try SinkUnderTest(script, #", "username": "u", "password": "env:P""#, secrets: ["env:P": "p"])
    let start = ContinuousClock.now
    let result = try test.result(try Sample.delivery(seconds: 2))
    #expect(try test.result(try Sample.delivery(2)).outcome == .delivered)
    test.sink.deactivate()
    #expect(ContinuousClock.now - start < .seconds(40))
    let isSent = stage == "dot"
    #expect(result.outcome == (isSent ? .unknown : .retry) && result.code == (isSent ? "no-answer-timeout" : "timeout"))
  }

  @Test("time-outs of the configuration end what the deadline would allow")
  func timeouts() throws {
    let slow = try SinkUnderTest(.init(replies: ["MAIL": ["!silent"]]), #", "timeout_ms": 500"#)
    #expect(try slow.result(try Sample.delivery(seconds: 600)).code == "timeout")
    slow.sink.deactivate()
    let silent = try SinkUnderTest(.init(replies: ["greeting": ["!silent"]]), #", "connect_timeout_ms": 500"#)
    #expect(try silent.result(try Sample.delivery(seconds: 600)).code == "timeout")
    silent.sink.deactivate()
  }

  @Test("a server that does not answer QUIT holds nobody up for long")
  func quit() throws {
    let test = try SinkUnderTest(.init(replies: ["RCPT": ["550 5.1.1 no"], "QUIT": ["!silent", "!silent"]]))
    let start = ContinuousClock.now
    #expect(try test.result(try Sample.delivery(1, seconds: 600)).code == "smtp-550")
    #expect(try test.result(try Sample.delivery(2, seconds: 600)).code == "smtp-250")
    test.sink.deactivate()
    #expect(test.server.commands.contains("QUIT "))
    // libcurl alone would wait two minutes and more.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("nobody there is a retry")
  func unreachable() throws {
    let test = try SinkUnderTest()
    let port = try LoopbackPort.closed()
    for (host, code) in [("127.0.0.1", "connect"), ("nowhere.invalid", "resolve")] {
      let sink = try EmailSinkMaker.make(
        #"{"host": "\#(host)", "port": \#(port), "tls": "none", "from": "b@example.org"}"#, test.host)
      try sink.deliver([try Sample.delivery(code == "connect" ? 1 : 2)])
      #expect(sink.drain(timeout: SinkUnderTest.patience))
      sink.deactivate()
    }
    #expect(test.host.result(1)?.code == "connect" && test.host.result(1)?.outcome == .retry)
    #expect(test.host.result(2)?.code == "resolve" && test.host.result(2)?.outcome == .retry)
  }
}
