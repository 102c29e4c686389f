import EmailPlugin
import Foundation
import PluginKit0
import Testing

@Suite("The email sink against a real server")
struct SinkTests {
  @Test("a mail arrives: envelope, header, both parts, and the server's id as the receipt")
  func delivers() throws {
    let test = try SinkUnderTest()
    let result = try test.result(try Sample.delivery())
    test.sink.deactivate()
    #expect(result == DeliveryResult(.delivered, code: "smtp-250", receipt: "2.0.0 Ok: queued as 4XyZ7q"))
    let mail = try #require(test.server.mails.first)
    #expect(mail.sender == "bells@example.org" && mail.recipients == ["zoe@example.org"] && !mail.isSecured)
    let read = try MailReader.read(mail.content)
    #expect(read.defects == [])
    #expect(read.addresses["To"] == [["Zoë Ω", "zoe", "example.org"]])
    #expect(read.text("text/plain") == "Zoë turns 26." && read.text("text/html") == "<p>Zoë turns <b>26</b>.</p>")
    #expect(test.host.lines.isEmpty, "nothing of a mail belongs in a log")
  }

  @Test("every attempt sends the same bytes, whatever attempt and lateness")
  func sameBytes() throws {
    let test = try SinkUnderTest(.init(replies: ["dot": ["451 4.3.0 later", "451 4.3.0 later"]]))
    for attempt in 1...3 {
      try test.deliver(
        try Sample.delivery(UInt64(attempt), key: "evt_1_mail", attempt: attempt, late: Int64(attempt) * 1_000_000_000))
    }
    test.sink.deactivate()
    #expect(test.host.completions.map(\.result.outcome) == [.retry, .retry, .delivered])
    #expect(test.server.mails.count == 3 && Set(test.server.mails.map(\.content)).count == 1)
    #expect(test.host.completions.map(\.result.retryAfterMilliseconds) == [60_000, 120_000, 0])
  }

  @Test("the user's own address goes before the sink's, and without either the delivery is permanent")
  func addressees() throws {
    let test = try SinkUnderTest(.init(), #", "to": "Team <team@example.org>""#)
    try test.deliver(
      try Sample.delivery(1, to: ""), try Sample.delivery(2, to: "zoe@bücher.example"),
      try Sample.delivery(3, to: "zoe"))
    test.sink.deactivate()
    #expect(test.server.mails.map(\.recipients) == [["team@example.org"], ["zoe@xn--bcher-kva.example"]])
    let names = try MailReader.read(test.server.mails.map(\.content)).map { $0.addresses["To"]?.first?.first }
    #expect(names == ["Team", "Zoë Ω"])
    #expect(test.host.result(3)?.outcome == .permanent && test.host.result(3)?.code == "invalid-address")
    let none = try SinkUnderTest()
    #expect(try none.result(try Sample.delivery(to: "")).code == "invalid-address")
  }

  @Test("what cannot be written does not hold up its batch, and nothing of it is sent")
  func unsendable() throws {
    let test = try SinkUnderTest()
    var wrongUser = try Sample.delivery(4)
    wrongUser.event.user = "["
    try test.sink.deliver([
      try Sample.delivery(1, message: Message(title: "a\r\nBcc: all@example.org", text: "x")),
      try Sample.delivery(2, user: #"{"display_name":"a\nBcc: all@example.org"}"#), try Sample.delivery(3), wrongUser,
      try Sample.delivery(5, to: "zoe@example.org\r\nRCPT TO:<all@example.org>"),
    ])
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    #expect([1, 2, 4].allSatisfy { test.host.result($0)?.code == "invalid-message" })
    #expect(test.host.result(5)?.code == "invalid-address" && test.host.result(3)?.outcome == .delivered)
    #expect(test.server.mails.count == 1)
    #expect(test.server.commands.filter { $0.contains("all@") } == [])
  }

  @Test("a connection is kept for the mails that follow")
  func reuse() throws {
    let test = try SinkUnderTest(.init(tls: "starttls"), #", "max_connections": 1"#)
    try test.sink.deliver(try (1...20).map { try Sample.delivery($0) })
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    #expect(test.server.mails.count == 20 && test.server.connections == 1)
    #expect(test.server.mails.allSatisfy { $0.isSecured })
    // Two EHLO, one of them after STARTTLS, for all twenty.
    #expect(test.server.commands.filter { $0.hasPrefix("EHLO") }.count == 2)
    test.sink.deactivate()
    #expect(test.server.wait { $0.ends == 1 })
  }

  @Test("several connections at a time, no more than allowed, and every mail once")
  func parallel() throws {
    let test = try SinkUnderTest(.init(), #", "max_connections": 3"#)
    for start in stride(from: 1, through: 200, by: 20) {
      try test.sink.deliver(try (start..<start + 20).map { try Sample.delivery(UInt64($0), to: "u\($0)@example.org") })
    }
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    #expect(Set(test.server.mails.flatMap(\.recipients)).count == 200 && test.server.mails.count == 200)
    #expect(test.host.completions.count == 200 && test.host.completions.allSatisfy { $0.result.outcome == .delivered })
    #expect((1...3).contains(test.server.connections))
  }

  @Test(
    "a connection that the server ended meanwhile costs no attempt",
    arguments: ["421 4.4.2 idle too long!", "!close", "421 4.7.0 too many"])
  func lostConnection(reply: String) throws {
    let test = try SinkUnderTest(.init(replies: ["MAIL": [nil, reply]]), #", "max_connections": 1"#)
    try test.deliver(try Sample.delivery(1), try Sample.delivery(2))
    test.sink.deactivate()
    #expect(
      test.host.completions.map { "\($0.result.outcome) \($0.result.code)" } == [
        "delivered smtp-250", "delivered smtp-250",
      ])
    #expect(test.server.connections == 2 && test.server.mails.count == 2)
  }

  @Test("STARTTLS and implicit TLS protect what is sent", arguments: ["starttls", "implicit"])
  func protected(tls: String) throws {
    let test = try SinkUnderTest(.init(tls: tls))
    #expect(try test.result(try Sample.delivery()).outcome == .delivered)
    test.sink.deactivate()
    #expect(test.server.mails.map(\.isSecured) == [true])
  }

  @Test("without STARTTLS nothing is sent unless plain text was asked for")
  func required() throws {
    let server = try MailServer()
    let host = RecordingHost(secrets: ["env:P": "secret"])
    let sink = try Email(
      name: "mail",
      configuration: JSONText(
        #"{"host": "127.0.0.1", "port": \#(server.port), "from": "bells@example.org", "username": "u", "password": "env:P"}"#
      ),
      host: Host(instanceName: "mail", services: host))
    try sink.activate()
    try sink.deliver([try Sample.delivery()])
    #expect(sink.drain(timeout: SinkUnderTest.patience))
    sink.deactivate()
    #expect(host.result(1)?.outcome == .retry && host.result(1)?.code == "tls-not-offered")
    #expect(server.mails.isEmpty && server.commands.allSatisfy { $0.hasPrefix("EHLO") || $0.hasPrefix("QUIT") })
  }

  @Test(
    "a certificate that is not trusted, or of another name, ends it before anything is sent",
    arguments: ["starttls", "implicit"])
  func certificates(tls: String) throws {
    let server = try MailServer(.init(tls: tls))
    for (host, authority) in [("127.0.0.1", ""), ("localhost", #", "ca_file": "\#(server.certificateFile)""#)] {
      let recording = RecordingHost()
      let sink = try Email(
        name: "mail",
        configuration: JSONText(
          #"{"host": "\#(host)", "port": \#(server.port), "tls": "\#(tls)", "from": "bells@example.org"\#(authority)}"#),
        host: Host(instanceName: "mail", services: recording))
      try sink.activate()
      try sink.deliver([try Sample.delivery()])
      #expect(sink.drain(timeout: SinkUnderTest.patience))
      sink.deactivate()
      #expect(recording.result(1)?.outcome == .retry && recording.result(1)?.code == "certificate")
    }
    #expect(server.mails.isEmpty)
  }

  @Test("the sink logs in with what is offered", arguments: ["PLAIN", "LOGIN"])
  func login(mechanism: String) throws {
    let script = MailServer.Script(tls: "starttls", username: "bells", password: "pass wörd", mechanisms: [mechanism])
    let test = try SinkUnderTest(
      script, #", "username": "bells", "password": "env:P""#, secrets: ["env:P": "pass wörd\n"])
    #expect(try test.result(try Sample.delivery()).outcome == .delivered)
    test.sink.deactivate()
    #expect(test.server.mails.map(\.user) == ["bells"])
    #expect(test.server.commands.contains("AUTH \(mechanism)"))
  }

  @Test("a password that cannot be had stops activation, and is not told")
  func secrets() throws {
    for (secret, status) in [(nil, PluginError.Status.notFound), ("a\nb", .invalid), ("", .invalid)] {
      let error = #expect(throws: PluginError.self) {
        try SinkUnderTest(
          .init(), #", "username": "u", "password": "env:P""#, secrets: secret.map { ["env:P": $0] } ?? [:])
      }
      #expect(error?.status == status && error?.message.contains("a\nb") == false)
    }
  }

  @Test("deactivating completes what is open; then the sink takes nothing until it is active again")
  func life() throws {
    let test = try SinkUnderTest(.init(replies: ["dot": ["!silent"]]), #", "max_connections": 1"#)
    try test.sink.deliver([try Sample.delivery(1), try Sample.delivery(2)])
    #expect(test.server.wait { $0.mails.count == 1 })
    #expect(!test.sink.drain(timeout: .milliseconds(20)))
    test.sink.cancel([Ticket(rawValue: 1), Ticket(rawValue: 2), Ticket(rawValue: 9)])
    #expect(test.host.completions == [Completion(Ticket(rawValue: 2), DeliveryResult(.cancelled, code: "cancelled"))])
    #expect(throws: PluginError.self) { try test.sink.activate() }
    test.sink.deactivate()
    #expect(test.host.result(1)?.outcome == .unknown && test.host.result(1)?.code == "no-answer-cancelled")
    #expect(throws: PluginError.self) { try test.sink.deliver([try Sample.delivery(3)]) }
    #expect(test.sink.drain(timeout: .zero))
    try test.sink.activate()
    #expect(try test.result(try Sample.delivery(4)).outcome == .delivered)
    test.sink.deactivate()
  }

  @Test("the manifest is JSON and names what it provides")
  func manifest() throws {
    let manifest = try #require(try JSONValue(parsing: Email.manifest).object)
    #expect(manifest["id"]?.string == "org.carillon.email" && manifest["name"]?.string == "email")
    #expect(manifest["provides"]?.array == ["carillon.sink/1"] && manifest["reads"]?.array == ["names"])
  }
}
