import EmailPlugin
import Foundation
import PluginKit0
import Testing

/// How long a connection is kept, and who logs in on it.
@Suite("Connections")
struct ConnectionTests {
  private static let login = #", "username": "bells", "max_connections": 1"#

  @Test(
    "a connection takes as many mails as it may, then another one the next",
    arguments: [(1, 7), (3, 3), (7, 1), (100, 1)])
  func limit(most: Int, connections: Int) throws {
    let test = try SinkUnderTest(.init(), #", "max_connections": 1, "mails_per_connection": \#(most)"#)
    try test.sink.deliver(try (1...7).map { try Sample.delivery($0) })
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    #expect(test.host.completions.count == 7 && test.host.completions.allSatisfy { $0.result.outcome == .delivered })
    #expect(test.server.connections == connections && test.server.mails.count == 7)
    #expect(test.server.wait { $0.ends == connections })
  }

  @Test(
    "a server that ends an idle connection, with or without a word, costs the next mail nothing",
    arguments: [
      [["close", ""]], [["reset", ""]], [["say", "421 4.4.2 idle\r\n"], ["close", ""]],
      [["say", "421 4.4.2 idle\r\n"], ["hang", ""]],
      [["hear", "MAIL"], ["say", "421 4.7.0 too many\r\n"], ["close", ""]], [["hear", "MAIL"], ["close", ""]],
    ])
  func idle(end: [[String]]) throws {
    // The second `pause` of the first connection is the mark for the test: it is not taken before the first mail is known.
    let test = try SinkUnderTest(
      hostile: [Dialog.accepted + [["pause", "go"]] + end], tls: "none", #", "max_connections": 1"#)
    #expect(try test.result(try Sample.delivery(1)).outcome == .delivered)
    try test.server.pass("go")
    let second = try test.result(try Sample.delivery(2))
    test.sink.deactivate()
    #expect(second.outcome == .delivered && second.code == "smtp-250")
    #expect(test.server.connections == 2 && test.server.mails.count == 2 && test.server.surprises == [])
  }

  @Test(
    "a refused mail ends with QUIT and never with RSET; the next one has its own connection or the same, and arrives")
  func refusals() throws {
    let test = try SinkUnderTest(
      .init(replies: ["RCPT": ["550 5.1.1 no", nil, nil], "dot": ["554 5.7.1 spam", nil]]), #", "max_connections": 1"#)
    try test.deliver(try Sample.delivery(1), try Sample.delivery(2), try Sample.delivery(3))
    test.sink.deactivate()
    #expect(test.host.completions.map(\.result.code) == ["smtp-550", "smtp-554", "smtp-250"])
    #expect(!test.server.commands.contains { $0.hasPrefix("RSET") } && test.server.commands.contains("QUIT "))
    // After an answer to the dot server and client agree on where they stand.
    #expect(test.server.connections == 2)
  }

  @Test("a mail for SMTPUTF8 goes over the connection that is there")
  func utf8() throws {
    let test = try SinkUnderTest(.init(smtputf8: true), #", "max_connections": 1"#)
    for (ticket, address) in ["a@example.org", "jörg@example.org", "b@example.org", "ö@example.org"].enumerated() {
      #expect(try test.result(try Sample.delivery(UInt64(ticket + 1), to: address)).outcome == .delivered)
    }
    test.sink.deactivate()
    #expect(
      test.server.connections == 1
        && test.server.mails.map { $0.options.contains("SMTPUTF8") } == [false, true, false, true])
  }

  @Test("a token proves who we are, is read again for each connection, and a new one is taken at once")
  func token() throws {
    let script = MailServer.Script(
      tls: "starttls", username: "bells", mechanisms: ["XOAUTH2", "PLAIN"], token: "fresh.token_1")
    let test = try SinkUnderTest(
      script, Self.login + #", "token": "env:T", "mails_per_connection": 1"#, secrets: ["env:T": "stale.token_0\n"])
    let stale = try test.result(try Sample.delivery(1))
    #expect("\(stale.outcome) \(stale.code)" == "throttled auth-refused" && stale.retryAfterMilliseconds == 300_000)
    #expect(!stale.detail.contains("stale") && !stale.detail.contains("bells"))
    #expect(try test.result(try Sample.delivery(2)).code == "auth-paused")
    test.host.change("env:T", to: "fresh.token_1\n")
    #expect(try test.result(try Sample.delivery(3)).outcome == .delivered)
    test.host.change("env:T", to: nil)
    let none = try test.result(try Sample.delivery(4))
    #expect("\(none.outcome) \(none.code)" == "throttled auth-no-credentials")
    test.host.change("env:T", to: "fresh.token_1")
    #expect(try test.result(try Sample.delivery(5)).outcome == .delivered)
    test.sink.deactivate()
    // The pause asked nobody, and PLAIN was never tried with a token.
    #expect(test.server.commands.filter { $0.hasPrefix("AUTH") } == Array(repeating: "AUTH XOAUTH2", count: 3))
    #expect(test.server.mails.map(\.user) == ["bells", "bells"])
    #expect(test.host.lines.count == 1 && !test.host.lines.joined().contains("token_"))
  }

  @Test("a password is never used for a token's kind of login, nor a token for a password's")
  func kinds() throws {
    for (secret, mechanisms) in [("password", ["XOAUTH2"]), ("token", ["PLAIN", "LOGIN"])] {
      let script = MailServer.Script(
        tls: "starttls", username: "bells", password: "x", mechanisms: mechanisms, token: "x")
      let test = try SinkUnderTest(script, Self.login + #", "\#(secret)": "env:S""#, secrets: ["env:S": "x"])
      let result = try test.result(try Sample.delivery())
      test.sink.deactivate()
      #expect("\(result.outcome) \(result.code)" == "retry auth-not-offered")
      #expect(!test.server.commands.contains { $0.hasPrefix("AUTH") })
    }
  }

  @Test(
    "a token that could say more than itself is refused when the sink is activated, and not told",
    arguments: ["a\u{1}auth=Bearer b", "a b", "a\nb", "ä", "", "a\u{0}b"])
  func badTokens(token: String) throws {
    let error = #expect(throws: PluginError.self) {
      try SinkUnderTest(.init(), Self.login + #", "token": "env:T""#, secrets: ["env:T": token])
    }
    #expect(error?.status == .invalid && (token.isEmpty || error?.message.contains(token) == false))
  }

  @Test("a thousand waiting mails try a wrong password once for each connection, not a thousand times")
  func pause() throws {
    let script = MailServer.Script(tls: "starttls", username: "bells", password: "right")
    let test = try SinkUnderTest(
      script, #", "username": "bells", "password": "env:P", "max_connections": 4"#, secrets: ["env:P": "wrongpassword"])
    try test.sink.deliver(try (1...1_000).map { try Sample.delivery($0) })
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    #expect(
      test.host.completions.count == 1_000 && test.host.completions.allSatisfy { $0.result.outcome == .throttled })
    #expect((1...4).contains(test.server.commands.filter { $0.hasPrefix("AUTH") }.count))
    #expect(test.host.lines.count == 1)
  }
}
