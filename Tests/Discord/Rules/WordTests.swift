import HTTPTransport
import PluginKit0
import Testing

@testable import DiscordPlugin

@Suite("Discord's words and sizes")
struct WordTests {
  @Test(
    "plain text stands as it was written",
    arguments: [
      ("*a* _b_ ~c~ `d` |e|", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\|"), ("# no heading", "\\# no heading"),
      ("a # b - c", "a # b - c"), ("- no list\n  + none", "\\- no list\n  \\+ none"), ("1. none", "1\\. none"),
      ("12 days", "12 days"),
      ("see https://x.example/a_b*c (or http://y.example/_) ", "see https://x.example/a_b*c (or http://y.example/_) "),
      ("<@1> @everyone [a](b)", "\\<\\@1\\> \\@everyone \\[a\\](b)"), ("\\", "\\\\"), ("🎂 שלום", "🎂 שלום"), ("", ""),
    ])
  func markdown(_ text: String, _ escaped: String) {
    #expect(DiscordMarkdown.escaped(text) == escaped)
  }

  @Test(
    "a cut keeps characters whole, says that it is one, and leaves no half of an escape",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("ab😀d", 4, "ab…"), ("👩‍👩‍👧‍👦x", 5, "…"), ("ab\\*d", 4, "ab…"),
      ("a\\\\bc", 4, "a\\\\…"),
    ])
  func cuts(_ text: String, _ limit: Int, _ cut: String) {
    #expect(text.cut(toUnits: limit) == cut)
    #expect(text.cut(toUnits: limit).utf16.count <= limit)
  }

  // MARK: configuration

  @Test(
    "a configuration names what is wrong",
    arguments: [
      (#""username": "My Discord""#, "/username"), (#""username": "CLYDE""#, "/username"),
      (#""thread_id": "1", "thread_name": "x""#, "/thread_name"),
      (#""allow_addresses": ["here"]"#, "/allow_addresses/0"), (#""batch": {"events": 2}"#, "/batch/events"),
    ])
  func configuration(_ text: String, _ pointer: String) {
    let error = #expect(throws: PluginError.self) { try Sample.configuration(text) }
    #expect(error?.violations.map(\.pointer) == [pointer])
  }

  @Test(
    "embeds share messages unless told otherwise; posts of a forum and texts do not",
    arguments: [
      (#""style": "embed""#, 10, 25), ("", 1, 25), (#""style": "embed", "thread_name": "x""#, 1, 25),
      (#""style": "embed", "thread_name": "x", "batch": {"events": 4}"#, 4, 25),
      (#""style": "embed", "batch": {"events": 1, "wait_ms": 0}"#, 1, 0),
    ])
  func batches(_ text: String, _ events: Int, _ wait: Int64) throws {
    let batch = try Sample.configuration(text).batch
    #expect(batch.events == events && batch.waitMilliseconds == wait)
  }
}
