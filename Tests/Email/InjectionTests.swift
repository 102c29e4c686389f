import EmailPlugin
import Foundation
import PluginKit0
import Testing

@testable import EmailPlugin
@testable import SMTPTransport

/// Data of users and configurations that tries to become commands, headers or mails.
@Suite("Envelope and header safety")
struct InjectionTests {
  private static let attacks = [
    "a\r\nRCPT TO:<evil@example.net>", "a\nRCPT TO:<evil@example.net>", "a\rRCPT TO:<evil@example.net>",
    "a\r\nBcc: evil@example.net", "a\nBcc: evil@example.net", "a\r\n\r\n<script>",
    "a\r\n.\r\nMAIL FROM:<evil@example.net>\r\n",
    "a\u{0}b", "a\n", "\r\na", "a\r\n\tfolded", "a\u{0}\r\nX: y",
  ]
  /// What `init` or `activate` must refuse.
  private static let members = [
    ("from", "%@ <bells@example.org>"), ("from", "bells%@@example.org"), ("from", "bells@example.org%@"),
    ("from", #""%@" <bells@example.org>"#), ("reply_to", "%@ <x@example.org>"), ("reply_to", "x@example.org%@"),
    ("to", "%@ <x@example.org>"), ("to", "x%@@example.org"), ("helo_name", "me%@.example"),
    ("message_id_domain", "id%@.example"),
    ("list_unsubscribe", "https://example.org/%@"), ("list_unsubscribe", "https://example.org/>%@"),
    ("host", "mail%@.example"),
    ("username", "bells%@"),
  ]

  private static func json(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  @Test("no member of the configuration lets a line through", arguments: members)
  func configuration(member: String, form: String) throws {
    for attack in Self.attacks {
      var object = ["host": "127.0.0.1", "from": "bells@example.org", "tls": "none"]
      if member == "username" { object["password"] = "env:P" }
      object[member] = form.replacing("%@", with: attack)
      let document = String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
      #expect(throws: PluginError.self, "\(member): \(attack.debugDescription)") {
        try EmailSinkMaker.make(document, RecordingHost(secrets: ["env:P": "x"]))
      }
    }
  }

  @Test("no secret lets a line through", arguments: attacks.filter { !$0.hasSuffix("\n") }, ["password", "token"])
  func secrets(attack: String, member: String) {
    #expect(throws: PluginError.self) {
      try EmailSinkMaker.make(
        #"{"host": "127.0.0.1", "from": "b@example.org", "username": "u", "\#(member)": "env:S"}"#,
        RecordingHost(secrets: ["env:S": attack]))
    }
  }

  @Test("no part of a delivery lets a line through: it is refused for good, and nothing is said to the server")
  func deliveries() throws {
    let test = try SinkUnderTest()
    var deliveries: [Delivery] = []
    func add(_ change: (inout Delivery, String) throws -> Void) throws {
      for attack in Self.attacks {
        var delivery = try Sample.delivery(UInt64(deliveries.count + 1))
        try change(&delivery, attack)
        deliveries.append(delivery)
      }
    }
    try add { $0.endpoint = "zoe@example.org" + $1 }
    try add { $0.endpoint = $1 + "@example.org" }
    try add { $0.endpoint = "zoe@" + $1 + ".example" }
    try add { $0.endpoint = "<zoe@example.org>" + $1 }
    try add { $0.message.title = $1 }
    try add { $0.event.user = JSONText(#"{"id": "zoe", "display_name": \#(try Self.json($1))}"#) }
    try add { $0.event = Self.event($0.event, id: $1) }
    #expect(deliveries.count >= 60)
    try test.sink.deliver(deliveries)
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    for delivery in deliveries {
      let result = test.host.result(delivery.ticket.rawValue)
      #expect(result?.outcome == .permanent && ["invalid-address", "invalid-message"].contains(result?.code))
    }
    #expect(test.server.connections == 0)
  }

  private static func event(_ event: Event, id: String) -> Event {
    Event(
      id: id, type: event.type, scheduleID: event.scheduleID, occurrenceKey: event.occurrenceKey,
      timeZone: event.timeZone,
      user: event.user, local: event.local, dueNanoseconds: event.dueNanoseconds)
  }

  @Test("ids in the link to unsubscribe are coded, whatever they are")
  func link() throws {
    let test = try SinkUnderTest(.init(), #", "list_unsubscribe": "https://example.org/?u={{user.id}}""#)
    for (index, attack) in (Self.attacks + [">,<mailto:evil@example.net>", "%0d%0a", "ö"]).enumerated() {
      let user = #"{"id": \#(try Self.json(attack)), "display_name": "Zoë"}"#
      #expect(try test.result(try Sample.delivery(UInt64(index + 1), user: user)).outcome == .delivered)
    }
    test.sink.deactivate()
    for mail in try MailReader.read(test.server.mails.map(\.content)) {
      let link = try #require(mail.header("List-Unsubscribe"))
      #expect(
        link.hasPrefix("<https://example.org/?u=") && link.hasSuffix(">") && link.count { $0 == "<" || $0 == ">" } == 2)
      #expect(mail.header("Bcc") == nil && mail.header("X") == nil)
    }
  }

  private static let endings = [
    "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n.\r", "\r\n\u{0}.\r\n", "\r\n.\r\n",
    "\r\r\n.\r\r\n", "\n\n.\n\n",
    "\u{85}.\u{85}", "\u{2028}.\u{2028}",
  ]

  @Test("no end of a mail in a body ends the mail: the server gets one", arguments: endings)
  func smuggling(end: String) throws {
    // Not aiosmtpd: raw sockets, so that every byte is seen.
    let test = try SinkUnderTest(hostile: [], tls: "none")
    let smuggled = "MAIL FROM:<evil@example.net>\r\nRCPT TO:<all@example.org>\r\nDATA\r\nSubject: evil\r\n\r\nx"
    let body = "before" + end + smuggled + end + "after"
    #expect(
      try test.result(try Sample.delivery(message: Message(title: "T", text: body, html: body))).outcome == .delivered)
    test.sink.deactivate()
    #expect(test.server.mails.count == 1 && test.server.mails.first?.recipients == ["zoe@example.org"])
    let content = try #require(test.server.mails.first?.content)
    #expect(ContentForm(content).isSafe && !ContentForm(content).hasLeadingDot)
    #expect(test.server.commands.filter { $0.contains("MAIL") }.count == 1)
  }

  @Test(
    "the transport sends no bytes that servers disagree about",
    arguments: endings.dropLast(2).filter { $0 != "\r\n.\r\n" })
  func transport(end: String) throws {
    let server = try MailServer(hostile: [])
    let log = Watched([SMTPCompletion]())
    let session = try SMTPSession(SMTPSettings(host: "127.0.0.1", port: server.port, security: .none)) { completion in
      log.change { $0.append(completion) }
    }
    try session.submit([
      SMTPMail(
        token: 1, sender: try MailAddress("a@example.org"), recipient: try MailAddress("b@example.org"),
        content: Array("Subject: x\r\n\r\nx\(end)MAIL FROM:<evil@example.net>\r\n".utf8))
    ])
    #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    session.close()
    #expect(log.current.map(\.result) == [.failure(SMTPFailure(.unsafeContent))])
    #expect(server.connections == 0)
  }

  @Test("whatever the data, a mail that is sent has one addressee and the headers that it is to have")
  func property() throws {
    var random = RandomText(seed: 5_321)
    let test = try SinkUnderTest(
      .init(), #", "list_unsubscribe": "https://example.org/?u={{user.id}}", "max_connections": 1"#)
    let pieces = Self.attacks + ["", "zoe", "Zoë", ">", "<", ",", "\"", "=?utf-8?q?x?="]
    let deliveries = try (1...600).map { index in
      func text() -> String {
        random.text(upTo: 6, isHeader: index % 5 != 0) + (index % 4 == 0 ? pieces[index / 4 % pieces.count] : "")
      }
      let user = #"{"id": \#(try Self.json(text())), "display_name": \#(try Self.json(text()))}"#
      let address = index % 3 == 0 ? "zoe\(text())@example.org" : "zoe\(index)@example.org"
      return try Sample.delivery(
        UInt64(index), to: address, user: user,
        message: Message(title: text(), text: random.text(upTo: 20), html: random.text(upTo: 9)))
    }
    for start in stride(from: 0, to: deliveries.count, by: 100) {
      try test.sink.deliver(Array(deliveries[start..<start + 100]))
    }
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    let sent = deliveries.filter { test.host.result($0.ticket.rawValue)?.outcome == .delivered }
    #expect(deliveries.allSatisfy { [.delivered, .permanent].contains(test.host.result($0.ticket.rawValue)?.outcome) })
    #expect(sent.count > 200 && sent.count < 600 && test.server.mails.count == sent.count)
    let recipients = test.server.mails.map(\.recipients)
    #expect(recipients.allSatisfy { $0.count == 1 })
    #expect(Set(recipients.joined()) == Set(sent.map(\.endpoint)))
    let fixed = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "X-Carillon-Event"]
    for mail in try MailReader.read(test.server.mails.map(\.content)) {
      let names = mail.headers.compactMap(\.first).filter { !$0.hasPrefix("Content-") }
      #expect(names == fixed + ["List-Unsubscribe", "List-Unsubscribe-Post"])
      #expect(mail.addresses["To"]?.count == 1)
      #expect(mail.lineEnds && mail.longest <= 998)
    }
  }
}
