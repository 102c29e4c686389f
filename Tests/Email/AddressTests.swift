import SMTPTransport
import Testing

@testable import EmailPlugin

@Suite("Mail addresses")
struct AddressTests {
  @Test(
    "what people have is taken, the domain in A-labels",
    arguments: [
      ("zoe@example.org", "zoe@example.org"), ("Zoe.Smith+tag@Example.ORG", "Zoe.Smith+tag@example.org"),
      ("a!#$%&'*+-/=?^_`{|}~b@x.example", "a!#$%&'*+-/=?^_`{|}~b@x.example"), ("root@localhost", "root@localhost"),
      ("zoe@bücher.example", "zoe@xn--bcher-kva.example"), ("zoe@BÜCHER.example", "zoe@xn--bcher-kva.example"),
      ("zoe@例え.テスト", "zoe@xn--r8jz45g.xn--zckzah"), ("zoe@faß.example", "zoe@xn--fa-hia.example"),
      ("zoe@xn--bcher-kva.example", "zoe@xn--bcher-kva.example"), ("jörg@example.org", "jörg@example.org"),
      ("用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah"),
      (String(repeating: "a", count: 64) + "@example.org", String(repeating: "a", count: 64) + "@example.org"),
    ])
  func good(text: String, wire: String) throws {
    #expect(try MailAddress(text).text == wire)
  }

  @Test(
    "what could break a command, or is none, is refused without being repeated",
    arguments: [
      "", "zoe", "@example.org", "zoe@", "zoe@@example.org", "a@b@example.org",
      "zoe@example.org\r\nRCPT TO:<x@y.example>",
      "zoe\r\n@example.org", "zoe\0@example.org", "zoe@exam\0ple.org", "<zoe@example.org>", "zoe @example.org",
      "zoe@example.org ", " zoe@example.org", ".zoe@example.org", "zoe.@example.org", "zo..e@example.org",
      #""zoe"@example.org"#, "zoe@[127.0.0.1]", "zoe@127.0.0.1", "zoe@-a.example", "zoe@a-.example", "zoe@a..example",
      "zoe@example.org.", "zoe@exa_mple.org", "zoe@exa%6dple.org", "zoe(comment)@example.org", "zoe,joe@example.org",
      "zoe@example.org>", "zo\u{200B}e@example.org", "zo\u{2028}e@example.org", "zo\u{A0}e@example.org",
      "zo\u{85}e@example.org",
      "zoe@exa\u{2028}mple.org", "zoe@exa\u{2100}b.org", "zoe@\u{301}", "zoe@exa\u{FF0F}x.org", "zoe@\u{FF20}x.org",
      String(repeating: "a", count: 65) + "@example.org", "zoe@" + String(repeating: "a", count: 64) + ".example",
      "zoe@" + String(repeating: "ab.", count: 90) + "example", "zoe@" + String(repeating: "ü", count: 63) + ".example",
      String(repeating: "é", count: 33) + "@example.org",
    ])
  func bad(text: String) {
    let error = #expect(throws: SMTPError.self) { try MailAddress(text) }
    #expect(error?.code == .invalidAddress)
    #expect(error?.message.contains("zoe") == false && error?.message.contains("example") == false)
  }

  @Test("an address does not describe itself")
  func silent() throws {
    let address = try MailAddress("zoe@example.org")
    var dumped = ""
    dump(address, to: &dumped)
    #expect("\(address) \(String(reflecting: address)) \(dumped)".contains("zoe") == false)
  }

  @Test(
    "a mailbox is an address with or without a name",
    arguments: [
      ("zoe@example.org", ""), ("Zoe <zoe@example.org>", "Zoe"), ("<zoe@example.org>", ""),
      (" Zoë Ω  <zoe@example.org>", "Zoë Ω"),
      (#""Smith, \"Zoe\" \\ <x>" <zoe@example.org>"#, #"Smith, "Zoe" \ <x>"#),
    ])
  func mailboxes(text: String, name: String) throws {
    let mailbox = try Mailbox(text)
    #expect(mailbox.name == name && mailbox.address.text == "zoe@example.org")
  }

  @Test(
    "half a mailbox is none",
    arguments: [
      "Zoe", "Zoe <zoe@example.org", "Zoe zoe@example.org>", #""Zoe <zoe@example.org>"#, #"Z"o"e <zoe@example.org>"#,
      #""Zoe\" <zoe@example.org>"#, "Zoe <<zoe@example.org>>", "a <b@c.example>, d <zoe@example.org>",
    ])
  func badMailboxes(text: String) {
    #expect(throws: SMTPError.self) { try Mailbox(text) }
  }
}
