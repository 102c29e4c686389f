import EmailPlugin
import Foundation
import PluginKit0
import Testing

/// Somebody on the way who wants the mail or the password in plain text.
@Suite("A hostile way to the server")
struct TLSTests {
  private static let login = #", "username": "bells", "password": "env:P", "max_connections": 1"#
  private static let offer = "250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"

  private func test(_ script: [[String]]) throws -> (result: DeliveryResult, commands: [String]) {
    let test = try SinkUnderTest(hostile: [script], tls: "starttls", Self.login, secrets: ["env:P": "hunter2"])
    let result = try test.result(try Sample.delivery(seconds: 20))
    test.sink.deactivate()
    #expect(test.server.surprises == [] && test.server.mails.isEmpty)
    return (result, test.server.commands)
  }

  @Test("who takes STARTTLS out of the offers gets nothing, not even the user's name")
  func stripped() throws {
    let (result, commands) = try test(
      Dialog.greeting + [["hear", "EHLO"], ["say", "250-x\r\n250 AUTH PLAIN LOGIN\r\n"], ["listen", ""]])
    #expect("\(result.outcome) \(result.code)" == "retry tls-not-offered" && result.retryAfterMilliseconds == 60_000)
    #expect(commands.allSatisfy { $0.hasPrefix("0 EHLO") || $0 == "0 QUIT" }, "heard \(commands)")
  }

  @Test("HELO in place of EHLO offers no TLS either")
  func hello() throws {
    let (result, commands) = try test(
      Dialog.greeting + [
        ["hear", "EHLO"], ["say", "502 5.5.1 what?\r\n"], ["hear", "HELO"], ["say", "250 x\r\n"], ["listen", ""],
      ])
    #expect(result.outcome == .retry && ["tls-not-offered", "hello-502"].contains(result.code))
    #expect(
      commands.allSatisfy { $0.hasPrefix("0 EHLO") || $0.hasPrefix("0 HELO") || $0 == "0 QUIT" }, "heard \(commands)")
  }

  @Test(
    "STARTTLS that is refused sends nothing in plain text", arguments: ["454 4.7.0 not now", "500 what?", "250 Ok"])
  func refused(reply: String) throws {
    let (result, commands) = try test(
      Dialog.greeting + [
        ["hear", "EHLO"], ["say", Self.offer], ["hear", "STARTTLS"], ["say", reply + "\r\n"], ["listen", ""],
      ])
    #expect(result.outcome == .retry && ["starttls-454", "starttls-500", "malformed"].contains(result.code))
    #expect(commands.allSatisfy { ["0 EHLO", "0 STAR", "0 QUIT"].contains($0.prefix(6)) }, "heard \(commands)")
  }

  @Test(
    "answers that somebody put in before TLS began are not taken for the server's",
    arguments: [
      "250-x\r\n250 AUTH PLAIN\r\n", "250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 ok\r\n",
      "2", "\r\n",
    ])
  func injected(answers: String) throws {
    let (result, commands) = try test(
      Dialog.greeting + [
        ["hear", "EHLO"], ["say", Self.offer], ["hear", "STARTTLS"], ["say", "220 go\r\n" + answers], ["listen", ""],
      ])
    #expect(result.outcome == .retry && ["malformed", "tls", "broken"].contains(result.code), "\(result)")
    #expect(commands.allSatisfy { !$0.contains("AUTH") && !$0.contains("MAIL") })
  }

  @Test("offers made before TLS do not count behind it")
  func offersBefore() throws {
    let (result, commands) = try test(
      Dialog.greeting + [
        ["hear", "EHLO"], ["say", Self.offer], ["hear", "STARTTLS"], ["say", "220 go\r\n"], ["tls", ""],
        ["hear", "EHLO"],
        ["say", "250-x\r\n250 8BITMIME\r\n"], ["listen", ""],
      ])
    #expect("\(result.outcome) \(result.code)" == "retry auth-not-offered")
    #expect(commands.allSatisfy { !$0.contains("AUTH") && !$0.contains("MAIL") })
  }

  @Test("what is no TLS is none", arguments: ["starttls", "implicit"])
  func noHandshake(tls: String) throws {
    let begin =
      Dialog.greeting + [["hear", "EHLO"], ["say", Self.offer], ["hear", "STARTTLS"], ["say", "220 go\r\n"]]
    let script =
      (tls == "starttls" ? begin : []) + [
        ["bytes", "50"], ["say", "this is no TLS at all, not even nearly\r\n"], ["hang", ""],
      ]
    let test = try SinkUnderTest(hostile: [script], tls: tls, Self.login, secrets: ["env:P": "hunter2"])
    let result = try test.result(try Sample.delivery(seconds: 20))
    test.sink.deactivate()
    #expect("\(result.outcome) \(result.code)" == "retry tls")
  }
}
