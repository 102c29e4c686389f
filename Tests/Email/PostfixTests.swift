import EmailPlugin
import Foundation
import PluginKit0
import Testing

/// Postfix as Debian has it.
@Suite("The email sink against Postfix")
struct PostfixTests {
  private let postfix: Postfix
  /// What the test's mails are found by: their keys make their ids.
  private let name = UUID().uuidString.lowercased()

  init() throws { postfix = try Postfix.shared.get() }

  private func delivery(_ ticket: UInt64 = 1, to address: String, attempt: Int = 1, _ message: Message? = nil) throws
    -> Delivery
  {
    let message =
      message
      ?? Message(title: "Zoë turns 26 \(name)-\(ticket)", text: "Zoë turns 26.", html: "<p>Zoë turns <b>26</b>.</p>")
    return try Sample.delivery(ticket, key: "\(name)-\(ticket)", attempt: attempt, to: address, message: message)
  }

  /// The id that Postfix gave, from the receipt.
  private func queueID(_ result: DeliveryResult) throws -> String {
    #expect(result.receipt.hasPrefix("2.0.0 Ok: queued as "), "\(result)")
    return try #require(result.receipt.split(separator: " ").last.map(String.init))
  }

  @Test(
    "over STARTTLS and over implicit TLS, with a login, a mail is in the mailbox", arguments: ["submission", "smtps"])
  func delivers(port: String) throws {
    let test = try postfix.sink(port)
    let result = try test.result(try delivery(to: "box@example.org"))
    test.sink.deactivate()
    #expect(result.outcome == .delivered && result.code == "smtp-250")
    let id = try queueID(result)
    let raw = try #require(try postfix.mail(with: "id \(id)"))
    let mail = try MailReader.read(raw.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
    #expect(mail.defects == [] && mail.type == "multipart/alternative")
    #expect(mail.header("Subject") == "Zoë turns 26 \(name)-1" && mail.header("Delivered-To") == "box@example.org")
    #expect(mail.header("Return-Path") == "<bells@example.org>")
    #expect(mail.text("text/plain") == "Zoë turns 26." && mail.text("text/html") == "<p>Zoë turns <b>26</b>.</p>")
    #expect(mail.addresses["To"] == [["Zoë Ω", "box", "example.org"]])
    let log = try postfix.log(of: id)
    #expect(log.contains { $0.contains("sasl_method=PLAIN") && $0.contains("sasl_username=bells@mail.example.org") })
  }

  @Test("what Postfix refuses for one addressee concerns no other, and its reply decides")
  func perRecipient() throws {
    let test = try postfix.sink("submission")
    let addresses = [
      "nobody@example.org", "box1@example.org", "blocked@example.org", "full@example.org", "zoe@elsewhere.example",
      "box2@example.org",
    ]
    let results = try addresses.enumerated().map { try test.result(try delivery(UInt64($0 + 1), to: $1)) }
    test.sink.deactivate()
    #expect(
      results.map { "\($0.outcome) \($0.code)" } == [
        "permanent smtp-550", "delivered smtp-250", "permanent smtp-554", "retry smtp-452", "permanent smtp-554",
        "delivered smtp-250",
      ])
    // Postfix repeats the address; the ledger must not.
    #expect(results[0].detail.hasPrefix("5.1.1 … Recipient address rejected"), "\(results[0])")
    #expect(
      !results.contains {
        $0.detail.contains("nobody") || $0.detail.contains("blocked@") || $0.detail.contains("elsewhere")
      })
    #expect(results[3].retryAfterMilliseconds == 300_000)
  }

  @Test("greylisting is a retry in some minutes, and then the mail is taken")
  func greylisted() throws {
    let test = try postfix.sink("submission")
    let address = "greylisted\(name.filter { $0 != "-" }.prefix(20))@example.org"
    let first = try test.result(try delivery(1, to: address))
    #expect("\(first.outcome) \(first.code) \(first.retryAfterMilliseconds)" == "retry smtp-450 300000")
    #expect(first.detail.contains("Greylisted, try again later"))
    let second = try test.result(try delivery(2, to: address, attempt: 2))
    test.sink.deactivate()
    #expect(second.outcome == .delivered)
  }

  @Test("a mail beyond the server's size is permanent, by SIZE before a byte of it is sent")
  func size() throws {
    let test = try postfix.sink("relay")
    let long = Message(title: "T", text: String(repeating: "All of this is text, and much.\n", count: 40_000))
    let told = try test.result(try delivery(1, to: "box@example.org", long))
    #expect("\(told.outcome) \(told.code)" == "permanent smtp-552" && told.detail.hasPrefix("5.3.4"))
    #expect(try test.result(try delivery(2, to: "box@example.org")).outcome == .delivered)
    test.sink.deactivate()
  }

  @Test("letters beyond ASCII before the @: taken where SMTPUTF8 is offered, permanent where it is not")
  func utf8() throws {
    let with = try postfix.sink("submission")
    // The first mail opens the connection, the second one uses it.
    #expect(try with.result(try delivery(1, to: "box@example.org")).outcome == .delivered)
    let result = try with.result(try delivery(2, to: "jörg@bücher.example"))
    with.sink.deactivate()
    #expect(result.outcome == .delivered)
    let id = try queueID(result)
    let raw = try #require(try postfix.mail(with: "id \(id)"))
    let text = String(decoding: raw, as: UTF8.self)
    #expect(text.contains("Delivered-To: jörg@xn--bcher-kva.example\n") && text.contains("with UTF8SMTP"))
    let without = try postfix.sink("relay")
    let refused = try without.result(try delivery(3, to: "jörg@bücher.example"))
    // An international domain alone needs no SMTPUTF8.
    let label = try without.result(try delivery(4, to: "box@bücher.example"))
    without.sink.deactivate()
    #expect("\(refused.outcome) \(refused.code)" == "permanent smtputf8-not-offered")
    let labelled = try #require(try postfix.mail(with: "id \(queueID(label))"))
    #expect(String(decoding: labelled, as: UTF8.self).contains("Delivered-To: box@xn--bcher-kva.example\n"))
  }

  @Test("eight-bit text arrives as it was, though every byte on the way is ASCII")
  func eightBit() throws {
    let test = try postfix.sink("relay")
    let text = "Grüße aus Köln — 日本語 🎂\n.\n..\nFrom here"
    let result = try test.result(try delivery(1, to: "box@example.org", Message(title: "Grüße \(name)", text: text)))
    test.sink.deactivate()
    let raw = try #require(try postfix.mail(with: "id \(queueID(result))"))
    #expect(raw.allSatisfy { $0 < 0x80 })
    #expect(try MailReader.read(raw.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }).text("text/plain") == text)
  }

  @Test("a wrong password waits; the right one at the same reference is taken at once")
  func login() throws {
    let host = RecordingHost(secrets: ["env:P": "not the password"])
    let test = try postfix.sink("submission", "", host)
    let refused = try test.result(try delivery(1, to: "box@example.org"))
    #expect("\(refused.outcome) \(refused.code)" == "throttled auth-535" && refused.retryAfterMilliseconds == 300_000)
    let paused = try test.result(try delivery(2, to: "box@example.org"))
    #expect("\(paused.outcome) \(paused.code)" == "throttled auth-paused")
    host.change("env:P", to: try postfix.password() + "\n")
    #expect(try test.result(try delivery(3, to: "box@example.org")).outcome == .delivered)
    test.sink.deactivate()
    #expect(host.lines.count == 1 && !host.lines[0].contains("not the password"))
  }

  @Test("a hundred mails go over one connection")
  func reuse() throws {
    let test = try postfix.sink("submission", #", "helo_name": "\#(name).example""#)
    try test.sink.deliver(try (1...100).map { try delivery($0, to: "box\($0)@example.org") })
    #expect(test.sink.drain(timeout: SinkUnderTest.patience))
    test.sink.deactivate()
    let ids = try (1...100).map { try queueID(try #require(test.host.result($0))) }
    #expect(Set(ids).count == 100)
    // The last one is in the log once it is delivered; all have the same process of Postfix's, as a connection does.
    _ = try postfix.mail(with: "id \(ids[99])")
    let processes = try Set(
      ids.compactMap { id in try postfix.log(of: "\(id): client=").first?.split(separator: " ").dropFirst(4).first })
    #expect(processes.count == 1, "\(processes)")
  }
}
