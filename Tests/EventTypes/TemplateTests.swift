import PluginKit0
import Testing

@testable import Occasions

@Suite struct TemplateTests {
  private let renderer = TemplateRenderer()
  private let members: [TemplateValue.Member] = [
    .init("name", .text(#"<b>"O'Neill" & co</b>"#)), .init("accent", .text("\"\u{301} onload=x <\u{301}script>")),
    .init("yes", .flag(true)), .init("no", .flag(false)), .init("none", .text("")),
    .init("user", .object([.init("given_name", .text("Ada"))])),
  ]

  private func html(_ template: String) throws -> String {
    try renderer.render(template, as: .html, with: members, field: "/html")
  }

  private func plain(_ template: String) throws -> String {
    try renderer.render(template, as: .plain, with: members, field: "/text")
  }

  @Test func valuesAreEscapedForTheirFieldWhateverTheTag() throws {
    let escaped = "&lt;b&gt;&quot;O&#39;Neill&quot; &amp; co&lt;/b&gt;"
    for tag in ["{{name}}", "{{{name}}}", "{{&name}}", "{{ name }}", "{{#name}}{{.}}{{/name}}"] {
      #expect(try html(tag) == escaped, "\(tag)")
      #expect(try plain(tag) == #"<b>"O'Neill" & co</b>"#, "\(tag)")
    }
    #expect(try html("<i>{{name}}</i>") == "<i>\(escaped)</i>")
  }

  @Test func aCombiningMarkBehindAQuotationMarkDoesNotHideIt() throws {
    let output = try html("{{accent}}")
    #expect(!output.unicodeScalars.contains("\""))
    #expect(!output.unicodeScalars.contains("<"))
  }

  @Test(arguments: [
    ("", ""), ("\nx", "\nx"), ("a\n\nb", "a\n\nb"), ("{{missing}}", ""), ("{{user.given_name.text}}", ""),
    ("{{name.text}}", ""), ("{{.}}", ""), ("{{user}}", ""), ("{{yes}}", "true"),
    ("{{#yes}}1{{/yes}}{{#no}}2{{/no}}", "1"), ("{{^none}}empty{{/none}}", "empty"), ("{{#none}}x{{/none}}", ""),
    ("{{#user}}{{given_name}}{{/user}}", "Ada"), ("{{lowercased(user.given_name)}}", "ada"),
    ("{{capitalized(lowercased(user.given_name))}}", "Ada"), ("{{reversed(user.given_name)}}", ""),
    ("{{! a comment }}x", "x"), ("{ {{user.given_name}} }", "{ Ada }"), ("}}", "}}"),
  ])
  func whatTemplatesSay(template: String, output: String) throws {
    #expect(try plain(template) == output)
  }

  @Test(arguments: [
    "{{>partial}}", "{{<parent}}{{/parent}}", "{{$block}}{{/block}}", "{{=<% %>=}}", "{{%CONTENT_TYPE:TEXT}}",
    "{{#a}}", "{{/a}}", "{{#a}}{{/b}}", "{{a", "{{a b}}", "{{a(b(c(d)))}}", "x {",
    String(repeating: "a", count: TemplateSyntax.maxBytes + 1), String(repeating: "{{a}}", count: 257),
    String(repeating: "{{#a}}", count: 17) + String(repeating: "{{/a}}", count: 17),
    "{{" + String(repeating: "a.", count: 100) + "a}}",
  ])
  func whatIsNotTakenIsRefusedInWords(template: String) throws {
    let fault = try #require(renderer.fault(in: template))
    #expect(!fault.isEmpty)
    let error = #expect(throws: PluginError.self) { try plain(template) }
    #expect(error?.violations.map(\.pointer) == ["/text"])
  }

  @Test func theFaultSaysWhere() {
    #expect(renderer.fault(in: "fine\n{{#a}}x{{/b}}")?.contains("line 2") == true)
  }

  @Test func outputIsBounded() throws {
    let long = TemplateValue.Member("long", .text(String(repeating: "é", count: 10_000)))
    let one = try renderer.render("{{long}}", as: .plain, with: [long], field: "/text")
    #expect(one.utf8.count <= TemplateLeaf.maxBytes)
    #expect(one.hasSuffix("é…"))
    #expect(throws: PluginError.self) {
      try renderer.render(String(repeating: "{{long}}", count: 100), as: .plain, with: [long], field: "/text")
    }
  }

  @Test func theCacheIsBounded() throws {
    let renderer = TemplateRenderer()
    for number in 0..<2_000 {
      let output = try renderer.render("\(number) {{user.given_name}}", as: .plain, with: members, field: "/text")
      #expect(output == "\(number) Ada")
    }
    #expect(renderer.cachedCount <= 2 * TemplateRenderer.maxCached)
  }

  @Test(arguments: ["Note 17", "two\nlines\r\n", " indented }} ", "é <b>&amp;</b>", ""])
  func whatHasNoTagIsItsOwnOutputAndNotKept(_ template: String) throws {
    let renderer = TemplateRenderer()
    for format in [TemplateFormat.plain, .html] {
      #expect(try renderer.render(template, as: format, with: members, field: "/text") == template)
    }
    #expect(renderer.cachedCount == 0)
    #expect(renderer.fault(in: template) == nil)
  }

  @Test func manyTasksShareOneRenderer() async throws {
    let renderer = renderer
    let members = members
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<500 {
            let template = "\((number * 7 + task) % 900) {{user.given_name}}"
            let output = try renderer.render(template, as: .plain, with: members, field: "/text")
            #expect(output == template.prefix { $0 != " " } + " Ada")
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func randomTemplatesNeverTrap() {
    var random = SplitMix(state: 11)
    let pieces = [
      "{{", "}}", "{", "}", "#", "^", "/", "a", "user", ".", "(", ")", " ", "\n", "\r\n", "!", "&", "=", "name", "é",
      "{{#yes}}", "{{/yes}}", "{{name}}", "\u{301}", "*", "?", "-",
    ]
    var compiled = 0
    for _ in 0..<20_000 {
      let template = (0..<Int.random(in: 0..<14, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      if let output = try? html(template) {
        compiled += 1
        #expect(!output.contains("O'Neill"))
      }
    }
    #expect(compiled > 1000)
  }

  @Test(arguments: [
    ("plain", "plain"), (" a\r\nb\t", "a b"), ("\u{2028}x\u{85}y\u{7F}", "x y"), ("\n", ""), ("a  b", "a  b"),
    (" a ", "a"), ("é b", "é b"), ("", ""),
  ])
  func titlesAreOneLine(text: String, line: String) {
    #expect(text.asOneLine == line)
  }
}
