import SMTPTransport
import Testing

@testable import EmailPlugin

@Suite("A server's words without the person")
struct PersonalWordsTests {
  private static func words(_ address: String) throws -> PersonalWords {
    PersonalWords(try MailAddress(address), others: ["zoe-77", "Zoë Müller", "s3cret"])
  }

  @Test(
    "what servers repeat is masked, what they say is kept",
    arguments: [
      (
        "5.1.1 <jane.doe@example.org>: Recipient address rejected: User unknown",
        "5.1.1 … Recipient address rejected: User unknown"
      ),
      ("5.1.1 JANE.DOE@EXAMPLE.ORG unknown", "5.1.1 … unknown"),
      ("5.1.1 jane.doe... User unknown", "5.1.1 … User unknown"),
      ("no mailbox 'Jane' here", "no mailbox … here"), ("mail for doe refused", "mail for … refused"),
      ("sent to bells+jane.doe=example.org@relay.example", "sent to …"),
      ("see https://x.example/?to=jane.doe%40example.org", "see …"),
      ("domain example.org is unknown", "domain … is unknown"),
      ("user Müller and Zoë and zoe-77", "user … and … and …"),
      ("password s3cret is wrong", "password … is wrong"), ("2.0.0 Ok: queued as 4XyZ7q", "2.0.0 Ok: queued as 4XyZ7q"),
      ("2.0.0 OK  1700000000 a1-20020a.3 - gsmtp", "2.0.0 OK 1700000000 a1-20020a.3 - gsmtp"),
      ("\u{1B}[31m red\u{202E}", "…"), ("", ""),
    ])
  func masked(text: String, expected: String) throws {
    #expect(try Self.words("jane.doe@example.org").masked(text, maximumBytes: 200) == expected)
  }

  @Test("a short local part counts as a whole word only")
  func short() throws {
    let words = try Self.words("a@bücher.example")
    #expect(
      words.masked("user a at xn--bcher-kva.example has a mailbox", maximumBytes: 99) == "user … at … has … mailbox")
    #expect(words.masked("bücher", maximumBytes: 99) == "…")
  }

  @Test("the text is bounded")
  func bounded() throws {
    let text = try Self.words("a@b.example").masked(String(repeating: "word ", count: 1_000), maximumBytes: 100)
    #expect(text.utf8.count <= 100 && text.hasPrefix("word word"))
  }
}
