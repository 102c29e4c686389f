import HTTPTransport
import PluginKit0

/// The body of a request: what an event says, within Discord's limits, calling nobody but whom the configuration names.
struct DiscordPayload: Sendable {
  let configuration: DiscordConfiguration

  /// The body.
  ///
  /// - Throws: `invalid` when the message says nothing: Discord would refuse it.
  func body(_ event: Event, _ message: Message) throws(PluginError) -> [UInt8] {
    let title = message.title.trimmed
    let text = message.text.trimmed
    guard !(title + text).isEmpty else { throw PluginError(.invalid, "the event has neither a title nor a text") }
    var object = JSONObject()
    switch configuration.style {
    case .text: object["content"] = .string(content(title, text).cut(toUnits: DiscordLimits.content))
    case .embed:
      if let calls { object["content"] = .string(calls) }
      object["embeds"] = .array([.object(embed(event, title, text))])
    }
    object["username"] = configuration.username.map { .string($0) }
    object["avatar_url"] = configuration.avatarURL.map { .string($0) }
    object["thread_name"] = configuration.threadName.map { .string($0) }
    object["allowed_mentions"] = .object(allowedMentions)
    return Array(object.serialized().utf8)
  }

  /// The title in bold above the text, unless the text begins with it.
  private func content(_ title: String, _ text: String) -> String {
    let (boldTitle, plainText) = (DiscordMarkdown.escaped(title), DiscordMarkdown.escaped(text))
    let body: String
    if title.isEmpty || text.hasPrefix(title) {
      body = plainText
    } else {
      body = text.isEmpty ? "**\(boldTitle)**" : "**\(boldTitle)**\n\(plainText)"
    }
    return calls.map { "\($0) \(body)" } ?? body
  }

  private func embed(_ event: Event, _ title: String, _ text: String) -> JSONObject {
    var embed = JSONObject()
    if !title.isEmpty { embed["title"] = .string(DiscordMarkdown.escaped(title).cut(toUnits: DiscordLimits.title)) }
    if !text.isEmpty {
      embed["description"] = .string(DiscordMarkdown.escaped(text).cut(toUnits: DiscordLimits.description))
    }
    embed["color"] = configuration.color.map { .integer($0) }
    // Discord shows it in each reader's own zone.
    embed["timestamp"] = .string(UTCDate(unixSeconds: event.dueNanoseconds / 1_000_000_000).rfc3339)
    return embed
  }

  /// Whom the configuration wants called, as Discord writes it; nil when nobody.
  private var calls: String? {
    let mentions = configuration.mentions
    let people = mentions.users.map { "<@\($0)>" } + mentions.roles.map { "<@&\($0)>" }
    let words = people + (mentions.everyone ? ["@everyone"] : [])
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private var allowedMentions: JSONObject {
    let mentions = configuration.mentions
    var object = JSONObject()
    object["parse"] = .array(mentions.everyone ? ["everyone"] : [])
    if !mentions.users.isEmpty { object["users"] = .array(mentions.users.map { .string($0) }) }
    if !mentions.roles.isEmpty { object["roles"] = .array(mentions.roles.map { .string($0) }) }
    return object
  }
}

extension String {
  /// Without white space at both ends.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
