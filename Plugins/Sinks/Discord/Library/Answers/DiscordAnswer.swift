import HTTPTransport
import PluginKit0

/// An answer of Discord's, as far as it counts. Bounded: HTTPTransport keeps 64 KiB of a body.
struct DiscordAnswer: Sendable {
  /// A 429 that names no wait: so long, in milliseconds.
  static let unnamedWait: Int64 = 5_000
  /// A longer wait counts as this one.
  static let longestWait: Int64 = 86_400_000
  private static let maximumShownCharacters = 300

  let status: Int
  /// Discord's own code for what is wrong.
  let code: Int64?
  /// The id of the message that was made.
  let message: String?
  /// What is wrong, in Discord's words, with nothing in it that could play tricks on a terminal.
  let words: String
  /// The named wait in milliseconds: the body's, in fractions of a second, else the header's.
  let retryAfter: Int64?
  /// Where a body was not in form, `embeds.3.description`, and what Discord says about it.
  let faults: [DiscordFormFault]
  let rates: DiscordRateFacts

  init(_ answer: HTTPAnswer) {
    let body = (try? JSONValue(parsing: String(decoding: answer.body, as: UTF8.self)))?.object
    status = answer.status
    code = body?["code"]?.integer
    message = body?["id"]?.string
    words = Self.shown(body?["message"]?.string ?? "")
    faults = answer.status < 300 ? [] : DiscordFormFault.all(in: body?["errors"])
    retryAfter =
      body?["retry_after"]?.number.flatMap(Self.milliseconds)
      ?? RetryAfter.milliseconds(answer.retryAfter, nowMilliseconds: SystemClock.milliseconds).map {
        Int64(clamping: $0)
      }
    rates = Self.rates(answer, body, retryAfter)
  }

  /// Safe to show.
  static func shown(_ text: String) -> String {
    String(
      text.prefix(maximumShownCharacters).map {
        $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : $0
      })
  }

  private static func milliseconds(_ seconds: Double) -> Int64? {
    seconds >= 0 ? Int64(min((seconds * 1_000).rounded(.up), Double(longestWait))) : nil
  }

  private static func rates(_ answer: HTTPAnswer, _ body: JSONObject?, _ retryAfter: Int64?) -> DiscordRateFacts {
    let fields = answer.rateLimit
    var facts = DiscordRateFacts()
    facts.limit = fields["limit"].flatMap { Int($0) }
    facts.remaining = fields["remaining"].flatMap { Int($0) }
    facts.resetAfter = fields["reset-after"].flatMap { Double($0) }.flatMap(milliseconds)
    if (200...299).contains(answer.status) { facts.channel = body?["channel_id"]?.string.flatMap(snowflake) }
    facts.countsAsRefusal =
      [401, 403].contains(answer.status) || answer.status == 429 && fields["scope"] != "shared"
    guard answer.status == 429 else { return facts }
    facts.wait = retryAfter ?? facts.resetAfter ?? unnamedWait
    facts.scope = scope(fields, body, facts.remaining)
    return facts
  }

  /// A 429 although some are left comes from a limit that no answer shows: the channel's. One without any of Discord's fields
  /// comes from what stands before Discord, and is for the address.
  private static func scope(
    _ fields: [String: String], _ body: JSONObject?, _ remaining: Int?
  ) -> DiscordRateFacts.Scope {
    if fields["global"] == "true" || fields["scope"] == "global" || body?["global"]?.bool == true { return .everything }
    if fields.isEmpty, body == nil { return .everything }
    return fields["scope"] == "shared" || remaining.map { $0 > 0 } ?? false ? .channel : .webhook
  }

  private static func snowflake(_ text: String) -> String? {
    (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
  }
}
