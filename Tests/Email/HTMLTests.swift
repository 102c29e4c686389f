import PluginKit0
import Testing

@testable import EmailPlugin

@Suite("Text and HTML of one mail")
struct HTMLTests {
  @Test(
    "HTML says the same as text",
    arguments: [
      ("<p>Zoë turns <b>26</b>.</p>", "Zoë turns 26."), ("a<br>b<BR/>c", "a\nb\nc"),
      ("<p>a</p><p>b</p>\n<p>c</p>", "a\n\nb\n\nc"),
      ("<div>a</div><div>b</div>", "a\nb"), ("<ul><li>one</li><li>two</li></ul>done", "- one\n- two\n\ndone"),
      ("  much \n\t space  here ", "much space here"), ("<b>a</b> <i>b</i>", "a b"), ("a<b>b</b>c", "abc"),
      ("<h1>Title</h1>Text", "Title\n\nText"),
      ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
      (#"<a href="https://example.org/x?a=1&amp;b=2">here</a>."#, "here (https://example.org/x?a=1&b=2)."),
      (#"<a href="https://example.org">https://example.org</a>"#, "https://example.org"),
      (#"<a href='mailto:a@example.org'>write</a>"#, "write (a@example.org)"),
      (#"<a href="javascript:alert(1)">x</a>"#, "x"),
      (#"<img src="x.png" alt="A cake">!"#, "A cake!"),
      ("&lt;b&gt; &amp;amp; &#228;&#xE4;&auml; &nope; &", "<b> &amp; äää &nope; &"),
      ("a&#0;&#27;&#xD800;&#x110000;x", "a &#xD800;&#x110000;x"),
      ("<style>p {color: red}</style><script>if (a < b) alert('</p>')</script>x", "x"),
      ("<!-- <p>no</p> -->yes<!doctype html>", "yes"), ("a < b and c > d", "a < b and c > d"), ("1 <2", "1 <2"),
      ("", ""),
      ("<p></p><br>", ""), ("<p title=\"a > b\">x</p>", "x"), ("<p", ""), ("x<!-- open", "x"), ("<script>open", ""),
      ("<", "<"),
      ("<a href=\"https://example.org/\">", "https://example.org/"),
    ])
  func plain(html: String, text: String) {
    #expect(PlainText.text(html) == text)
  }

  @Test(
    "much of what is broken takes no longer than it is long",
    arguments: [
      "<", "<a ", "<p>", "&", "&#", "<!--", "<script>", "\"", "<a href=\"", "</", "<a href=https://x>", " ", "=",
      "<b a='",
    ])
  func hostile(piece: String) {
    let start = ContinuousClock.now
    let text = PlainText.text(String(repeating: piece, count: 300_000 / piece.utf8.count))
    #expect(text.utf8.count <= 4_000_000)
    // A debug build; quadratic time would take many minutes.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test(
    "text becomes paragraphs, and nothing of it markup",
    arguments: [
      ("a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>"), ("<script>&\"'", "<p>&lt;script&gt;&amp;&quot;&#39;</p>"), ("", ""),
      ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>"), ("<\u{301}b>", "<p>&lt;\u{301}b&gt;</p>"), ("\n\n", ""),
    ])
  func markup(text: String, html: String) {
    #expect(Array(HTMLText.html(text).utf8) == Array(html.utf8))
    #expect(HTMLPolicy.fromText.parts(of: Message(title: "T", text: "x")).html == "<p>x</p>")
  }

  private static let both = Message(title: "T", text: "x", html: "<b>y</b>")
  private static let onlyText = Message(title: "T", text: "x")
  private static let onlyHTML = Message(title: "T", html: "<b>y</b>")
  private static let onlyTitle = Message(title: "T")

  private static let sent: [(policy: HTMLPolicy, message: Message, text: String, html: String?)] = [
    (HTMLPolicy.given, both, "x", "<b>y</b>"), (.given, onlyText, "x", nil), (.given, onlyHTML, "y", "<b>y</b>"),
    (.given, onlyTitle, "T", nil), (.fromText, both, "x", "<b>y</b>"), (.fromText, onlyText, "x", "<p>x</p>"),
    (.fromText, onlyHTML, "y", "<b>y</b>"), (.fromText, onlyTitle, "T", "<p>T</p>"), (.never, both, "x", nil),
    (.never, onlyHTML, "y", nil), (.never, onlyTitle, "T", nil), (.given, Message(title: "T", html: "<p>"), "T", "<p>"),
  ]

  @Test("what is sent of what there is")
  func parts() {
    for row in Self.sent {
      #expect(row.policy.parts(of: row.message) == HTMLPolicy.Parts(text: row.text, html: row.html), "\(row)")
    }
  }
}
