import Testing

@testable import CtlKit

/// `ctl listen` as a Discord channel: its limits are Discord's, told in Discord's manner.
@Suite("ctl listen, Discord")
struct DiscordListenTests {
  private static func text(_ units: Int) -> String { String(repeating: "x", count: units) }

  private static func document(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

  private static func receive(
    _ body: String, target: String = "/api/webhooks/42/token?wait=true", emulator: DiscordEmulator = DiscordEmulator(),
    failure: AnswerPlan.Answer? = nil, now: Int64 = 0
  ) throws -> (message: ReceivedDiscord, answer: AnswerPlan.Answer) {
    let bytes = Array(body.utf8)
    return emulator.receive(
      try #require(DiscordPath(target)), body: bytes, document: try? JSONValue(parsing: bytes), failure: failure,
      now: now)
  }

  @Test(
    "a webhook's path is known with and without a version",
    arguments: [
      ("/api/webhooks/1/t", true), ("/api/v10/webhooks/123/abc?wait=true", true), ("/api/webhooks/1", false),
      ("/api/webhooks/x/t", false), ("/api/webhooks/1/", false), ("/api/webhooks/1/t/slack", false), ("/", false),
      ("/api/v/webhooks/1/t", false), ("/api/webhooks/111111111111111111111/t", false), ("", false),
    ])
  func paths(_ target: String, _ isWebhook: Bool) {
    #expect((DiscordPath(target) != nil) == isWebhook)
  }

  @Test("a message that is waited for comes back with its id, another with 204")
  func waiting() throws {
    let (message, answer) = try Self.receive(#"{"content": "Hello"}"#)
    #expect(answer.status == 200)
    let made = try JSONValue(parsing: answer.body)
    #expect(made["id"]?.text == message.message && message.message != nil)
    #expect(made["content"]?.text == "Hello")
    #expect(try Self.receive(#"{"content": "Hello"}"#, target: "/api/webhooks/42/token").answer.status == 204)
  }

  @Test(
    "what is over a limit is refused, and the place is named",
    arguments: [
      (#"{"content": "\#(text(2_001))"}"#, "content"), (#"{"content": "x", "username": "Discordia"}"#, "username"),
      (#"{"content": "x", "username": "\#(text(81))"}"#, "username"), (#"{"content": 5}"#, "content"),
      (#"{"embeds": [{"title": "\#(text(257))"}]}"#, "embeds.0.title"),
      (#"{"embeds": [{"description": "\#(text(4_097))"}]}"#, "embeds.0.description"),
      (#"{"embeds": [{"title": "a"}, {"footer": {"text": "\#(text(2_049))"}}]}"#, "embeds.1.footer.text"),
      (#"{"embeds": [{"author": {"name": "\#(text(257))"}}]}"#, "embeds.0.author.name"),
      (#"{"embeds": [{"fields": [{"name": "", "value": "x"}]}]}"#, "embeds.0.fields.0.name"),
      (#"{"embeds": [{"fields": [{"name": "x", "value": "\#(text(1_025))"}]}]}"#, "embeds.0.fields.0.value"),
      (#"{"embeds": [{"color": 16777216}]}"#, "embeds.0.color"),
      (#"{"embeds": [\#(Array(repeating: "{}", count: 11).joined(separator: ","))]}"#, "embeds"),
      (
        #"{"embeds": [{"description": "\#(text(4_000))"}, {"description": "\#(text(2_001))"}]}"#, "embeds"
      ),
      (#"{"content": "x", "thread_id": "1", "thread_name": "a"}"#, "thread_name"),
      (#"{"content": "x", "allowed_mentions": {"parse": ["all"]}}"#, "allowed_mentions.parse"), (#"[]"#, ""),
    ])
  func limits(_ body: String, _ place: String) throws {
    let (message, answer) = try Self.receive(body)
    #expect(answer.status == 400)
    #expect(DiscordRules(try Self.document(body)).faults.map { $0.path.joined(separator: ".") } == [place])
    let told = try JSONValue(parsing: answer.body)
    #expect(told["message"]?.text == "Invalid Form Body")
    #expect(message.problem?.hasPrefix(place) == true && message.message == nil)
  }

  @Test(
    "what is just within the limits is taken; lengths count UTF-16 units",
    arguments: [
      #"{"content": "\#(text(2_000))"}"#, #"{"content": "\#(String(repeating: "😀", count: 1_000))"}"#,
      #"{"embeds": [{"description": "\#(text(4_000))"}, {"description": "\#(text(2_000))"}]}"#,
      #"{"content": "x", "allowed_mentions": {"parse": []}}"#,
    ])
  func withinLimits(_ body: String) throws {
    #expect(try Self.receive(body).answer.status == 200)
  }

  @Test("emoji count twice, and an empty message is none")
  func smallPrint() throws {
    #expect(try Self.receive(#"{"content": "\#(String(repeating: "😀", count: 1_001))"}"#).answer.status == 400)
    for body in [#"{"content": " "}"#, "{}", #"{"embeds": []}"#] {
      let answer = try Self.receive(body).answer
      #expect(answer.status == 400 && String(decoding: answer.body, as: UTF8.self).contains("50006"))
    }
    #expect(try Self.receive("{").answer.status == 400)
  }

  @Test("a webhook has five requests in two seconds; the sixth learns how long to wait")
  func rates() throws {
    let emulator = DiscordEmulator()
    for remaining in [4, 3, 2, 1, 0] {
      let answer = try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: 10_000).answer
      #expect(answer.status == 200)
      #expect(answer.headers.contains(.init("x-ratelimit-remaining", String(remaining))))
    }
    let sixth = try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: 10_750)
    #expect(sixth.answer.status == 429 && sixth.answer.retryAfterSeconds == 2)
    #expect(try JSONValue(parsing: sixth.answer.body)["retry_after"]?.number == "1.250")
    #expect(sixth.message.problem == "rate limited")
    let other = try Self.receive(
      #"{"content": "x"}"#, target: "/api/webhooks/43/token", emulator: emulator, now: 10_750)
    #expect(other.answer.status == 204)
    #expect(try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: 12_000).answer.status == 200)
  }

  @Test("a channel has thirty in a minute, which no answer tells before the thirty-first")
  func channelRate() throws {
    let emulator = DiscordEmulator()
    for message in 0..<30 {
      let answer = try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: Int64(10_000 + message * 1_000))
        .answer
      #expect(answer.status == 200)
    }
    let refused = try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: 40_000).answer
    #expect(refused.status == 429 && refused.headers.contains(.init("x-ratelimit-scope", "shared")))
    #expect(refused.headers.contains { $0.name == "x-ratelimit-remaining" && $0.value != "0" })
    #expect(try JSONValue(parsing: refused.body)["retry_after"]?.number == "30.000")
    #expect(try Self.receive(#"{"content": "x"}"#, emulator: emulator, now: 70_000).answer.status == 200)
  }

  @Test("ten embeds of 6,000 units together are taken; their row names the first and counts the others")
  func batch() throws {
    let embed = #"{"title": "T", "description": "\#(String(repeating: "x", count: 599))"}"#
    let full = Array(repeating: embed, count: 10)
    let taken = try Self.receive(#"{"embeds": [\#(full.joined(separator: ","))]}"#)
    #expect(taken.answer.status == 200 && taken.message.row.contains { $0.text == "T (and 9 more)" })
    let more = Array(repeating: #"{"title": "T"}"#, count: 11)
    #expect(try Self.receive(#"{"embeds": [\#(more.joined(separator: ","))]}"#).answer.status == 400)
    #expect(try Self.receive(#"{"embeds": [{}]}"#).answer.status == 400)
  }

  @Test("failures that were asked for are Discord's own too")
  func failures() throws {
    let failure = AnswerPlan.Answer(status: 503, retryAfterSeconds: nil, delayMilliseconds: 0)
    let (message, answer) = try Self.receive(#"{"content": "x"}"#, failure: failure)
    #expect(answer.status == 503 && message.problem == "answered 503")
    #expect(answer.headers.contains { $0.name == "x-ratelimit-limit" })
  }

  @Test("people see who speaks, the words, the embeds, and whether anybody is called")
  func shown() throws {
    let body = """
      {"username": "Carillon", "content": "@everyone Hi\\u001b[2J",
       "embeds": [{"title": "T", "description": "one\\ntwo", "fields": [{"name": "n", "value": "v"}]}],
       "allowed_mentions": {"parse": []}}
      """
    let lines = try Self.receive(body).message.lines(zone: .utc, paint: .off)
    #expect(
      lines == [
        "00:00:00.000  200  Discord  channel of webhook 42", "  │ Carillon  [APP]", "  │ @everyone Hi\\u{1b}[2J",
        "  │ ▌ T", "  │ ▌ one", "  │ ▌ two", "  │ ▌ n: v", "  │ (calls nobody)",
      ])
  }
}

extension JSONValue {
  /// A number as it was written.
  fileprivate var number: String? {
    switch self {
    case .integer(let value): String(value)
    case .number(let text): text
    default: nil
    }
  }
}
