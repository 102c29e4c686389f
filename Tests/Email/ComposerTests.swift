import EmailPlugin
import Foundation
import PluginKit0
import SMTPTransport
import Testing

@testable import EmailPlugin

/// Mails as they are written, read by Python's email package.
@Suite("A mail's bytes")
struct ComposerTests {
  private static let link = try? UnsubscribeLink("https://example.org/out?u={{user.id}}&s={{schedule.id}}")

  private func compose(
    _ message: Message, name: String = "Zoë Ω", key: String = "evt_1_mail", attempt: Int = 1, html: HTMLPolicy = .given
  ) throws -> [UInt8] {
    let composer = MailComposer(
      from: try Mailbox(#""Bells, \"Inc.\"" <bells@example.org>"#), replyTo: try Mailbox("Ünï <answers@example.org>"),
      messageIDDomain: "example.org", unsubscribe: Self.link, html: html)
    let delivery = try Sample.delivery(key: key, attempt: attempt, late: Int64(attempt), message: message)
    return try composer.mail(delivery, to: Mailbox(name: name, address: MailAddress("zoe@bücher.example"))).content
  }

  /// Line ends as in a body. By bytes: to Foundation a line end with a combining mark behind it is none.
  private func lines(_ text: String) -> [UInt8] {
    var lines: [[UInt8]] = [[]]
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x0D, rest.first == 0x0A { rest.removeFirst() }
      if byte == 0x0D || byte == 0x0A { lines.append([]) } else { lines[lines.count - 1].append(byte) }
    }
    if lines.last == [] { lines.removeLast() }
    return Array(lines.map { $0 + [0x0D, 0x0A] }.joined())
  }

  /// What every mail must be.
  private func checkForm(_ mail: ReadMail) {
    #expect(mail.defects == [])
    #expect(mail.lineEnds && !mail.leadingDots)
    #expect(mail.longest <= 160, "only the unsubscribe link's and the addresses' lines pass 78")
  }

  @Test("a mail has its header, text first and then HTML, and each says what it was given")
  func whole() throws {
    let mail = try MailReader.read(
      try compose(Message(title: "Zoë turns 26 🎂", text: "Hello\n.dot\nFrom here", html: "<p>a=b</p>")))
    checkForm(mail)
    #expect(mail.type == "multipart/alternative")
    #expect(mail.parts.map(\.type) == ["text/plain", "text/html"])
    #expect(mail.parts.map(\.text) == ["Hello\r\n.dot\r\nFrom here\r\n", "<p>a=b</p>\r\n"])
    #expect(mail.header("Subject") == "Zoë turns 26 🎂")
    #expect(mail.addresses["From"] == [["Bells, \"Inc.\"", "bells", "example.org"]])
    #expect(mail.addresses["To"] == [["Zoë Ω", "zoe", "xn--bcher-kva.example"]])
    #expect(mail.addresses["Reply-To"] == [["Ünï", "answers", "example.org"]])
    #expect(mail.date == Sample.dueSeconds)
    #expect(mail.header("Date") == "Sat, 21 Nov 2026 08:00:00 +0000")
    #expect(mail.header("Auto-Submitted") == "auto-generated")
    #expect(mail.header("X-Carillon-Event") == "evt_1")
    #expect(mail.header("List-Unsubscribe") == "<https://example.org/out?u=zoe&s=sched_1>")
    #expect(mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
    #expect(mail.header("MIME-Version") == "1.0")
    let id = try #require(mail.header("Message-ID"))
    #expect(id.hasPrefix("<") && id.hasSuffix("@example.org>") && id.count == 46)
  }

  @Test("every attempt writes the same bytes; another event or sink another id and boundary")
  func stable() throws {
    let message = Message(title: "A", text: "B", html: "C")
    let first = try compose(message)
    #expect(try compose(message, attempt: 2) == first)
    let mails = try MailReader.read([
      first, try compose(message, key: "evt_2_mail"), compose(message, key: "evt_1_other"),
    ])
    #expect(Set(mails.map { $0.header("Message-ID") }).count == 3)
    #expect(Set(mails.map(\.boundary)).count == 3)
  }

  private static let partTexts = [
    "plain", "", ".", "..", "\n.\n", ".\r\n.\r\n", "a\rb\nc\r\nd", "\r\n\r\n\n\r", " trailing \nspaces\t\n \n", "=",
    "=3D=",
    "From me\n>From you\nFrom", String(repeating: "x", count: 20_000), String(repeating: "long words ", count: 2_000),
    String(repeating: "é", count: 20_000), String(repeating: ".", count: 1_000), "👩‍👩‍👧‍👦🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿", "שָׁלוֹם עולם\nمرحبا بالعالم",
    "e\u{301}\u{302}\u{303}" + "é",
    "\u{0}\u{1}\u{7F}\u{85}\u{2028}\u{FEFF}", "--=_0\n--=_0--", String(repeating: "A", count: 75) + "=",
    String(repeating: "A", count: 76),
    String(repeating: "A", count: 75) + ".", String(repeating: "A", count: 75) + " ",
    String(repeating: "\t", count: 200),
  ]

  @Test("a part comes back as it was")
  func parts() throws {
    let cases = Self.partTexts.flatMap { text in [(text, ""), (text, text)] }
    let raws = try cases.map { try compose(Message(title: "T", text: $0.0, html: $0.1)) }
    for ((text, html), (raw, mail)) in zip(cases, zip(raws, try MailReader.read(raws))) {
      checkForm(mail)
      let expected = lines(text.isEmpty ? "T" : text)
      let isSame = mail.parts.map { Array($0.text.utf8) } == (html.isEmpty ? [expected] : [expected, expected])
      #expect(isSame, "\(text.prefix(40).debugDescription)")
      let body = raw.split(separator: UInt8(ascii: "\n")).drop { $0 != [0x0D] }
      #expect(body.allSatisfy { $0.count <= 77 })
    }
  }

  @Test("a megabyte of text comes back, and too much is refused")
  func large() throws {
    let text = String(repeating: "Größe und Maß. ", count: 60_000)
    let mail = try MailReader.read(try compose(Message(title: "T", text: text, html: "<p>x</p>")))
    checkForm(mail)
    #expect(Array(mail.parts[0].text.utf8) == lines(text))
    let error = #expect(throws: PluginError.self) {
      try compose(Message(title: "T", text: String(repeating: "x", count: 5_000_000)))
    }
    #expect(error?.status == .invalid)
  }

  private static let titles = [
    "Plain title", "two  spaces", " space before", "space behind ", "", "=?UTF-8?B?SGk=?=", "a =?utf-8?q?b?= c",
    String(repeating: "word ", count: 500) + "end", String(repeating: "x", count: 5_000),
    String(repeating: "🎂", count: 1_000), "a" + String(repeating: "\u{301}", count: 400), "עברית 123 العربية",
    "👩‍👩‍👧‍👦", String(repeating: "Ä", count: 40),
    "Ümläut am Anfang, then a long plain English sentence that goes on and on",
    "a;b,c:d<e>\"f\"\\(g)@h", "\u{1F468}\u{200D}\u{1F469} \u{2067}x\u{2069}",
  ]

  @Test("a title comes back as it was, whatever is in it")
  func titles() throws {
    let mails = try MailReader.read(try Self.titles.map { try compose(Message(title: $0, text: "x")) })
    #expect(mails.count == Self.titles.count)
    for (mail, title) in zip(mails, Self.titles) {
      checkForm(mail)
      #expect(
        mail.header("Subject").map { Array($0.utf8) } == Array(title.utf8), "\(title.prefix(40).debugDescription)")
    }
  }

  @Test("a very long title is cut between characters where that can be")
  func cuts() {
    for word in EncodedWords.words(String(repeating: "👩‍👩‍👧‍👦é", count: 50)) {
      #expect(word.utf8.count <= 75)
      let bytes = Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.allSatisfy { $0 == "👩‍👩‍👧‍👦" || $0 == "é" }, "a family torn apart: \(text)")
    }
  }

  @Test("control characters of a title become spaces")
  func controls() throws {
    let mail = try MailReader.read(try compose(Message(title: "a\u{7}b\tc\u{85}d\u{2028}e\u{1B}[31m", text: "x")))
    #expect(mail.header("Subject") == "a b c d e [31m")
  }

  @Test(
    "what would begin another header is refused",
    arguments: [
      "a\r\nBcc: all@example.org", "a\nBcc: all@example.org", "a\rBcc: x", "a\u{0}b", "\r\n", "a\r\n\r\nbody", "a\n",
    ])
  func injection(text: String) throws {
    let title = #expect(throws: PluginError.self) { try compose(Message(title: text, text: "x")) }
    #expect(title?.status == .invalid && title?.message == "the header Subject would have a CR, LF or NUL")
    let name = #expect(throws: PluginError.self) { try compose(Message(title: "t", text: "x"), name: text) }
    #expect(name?.message == "the header To would have a CR, LF or NUL")
  }

  private static let names = [
    "Zoe", "Zoe van Dyke", "O'Neil-Smith", "Smith, John", "Dr. Who", "a \"quoted\" b", "back\\slash", "(comment)",
    "<x@y>",
    "שרה כהן", "محمد", "李雷", "👑", "Zoë <evil@example.org>,", "=?utf-8?q?x?=", "a@b",
    String(repeating: "Ñandú ", count: 60) + "x",
  ]

  @Test("a name comes back as it was")
  func names() throws {
    let mails = try MailReader.read(try Self.names.map { try compose(Message(title: "t", text: "x"), name: $0) })
    #expect(mails.count == Self.names.count)
    for (mail, name) in zip(mails, Self.names) {
      checkForm(mail)
      #expect(mail.addresses["To"] == [[name, "zoe", "xn--bcher-kva.example"]])
    }
  }

  @Test(
    "dates are those of RFC 5322",
    arguments: [
      (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 +0000"),
      (-2_208_988_800, "Mon, 1 Jan 1900 00:00:00 +0000"),
    ])
  func dates(seconds: Int64, text: String) throws {
    #expect(try MailDate.text(nanoseconds: seconds * 1_000_000_000) == text)
    #expect(throws: PluginError.self) { try MailDate.text(nanoseconds: -2_208_988_801 * 1_000_000_000) }
  }

  @Test("thousands of random mails come back as they were")
  func random() throws {
    var random = RandomText(seed: 20_261_121)
    let cases = (0..<2_000).map { index in
      Message(
        title: random.text(upTo: index % 100 == 0 ? 400 : 40, isHeader: true), text: random.text(upTo: 300),
        html: index % 3 == 0 ? "" : random.text(upTo: 300))
    }
    let names = cases.map { _ in random.text(upTo: 30, isHeader: true).trimmed }
    let mails = try MailReader.read(try zip(cases, names).map { try compose($0, name: $1) })
    #expect(mails.count == cases.count)
    for (index, (mail, message)) in zip(mails, cases).enumerated() {
      checkForm(mail)
      let text = lines(HTMLPolicy.given.parts(of: message).text)
      let parts = message.html.isEmpty ? [text] : [text, lines(message.html)]
      let isSame = mail.parts.map { Array($0.text.utf8) } == parts
      #expect(isSame, "mail \(index): \(mail.parts.map(\.text.debugDescription)) of \(message)")
      #expect(mail.header("Subject").map { Array($0.utf8) } == Array(message.title.utf8), "mail \(index)")
      #expect(mail.addresses["To"]?.first?.first.map { Array($0.utf8) } == Array(names[index].utf8), "mail \(index)")
    }
  }
}
