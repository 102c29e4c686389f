import HTTPTransport
import PluginKit0

/// Bodies of requests: what events say, within Discord's limits, calling nobody but whom the configuration names.
struct DiscordPayload: Sendable {
  let configuration: DiscordConfiguration

  /// What one event says.
  ///
  /// - Throws: `invalid` when the message says nothing: Discord would refuse it.
  func part(_ event: Event, _ message: Message) throws(PluginError) -> DiscordPart {
    let title = message.title.trimmed
    let text = message.text.trimmed
    guard !(title + text).isEmpty else { throw PluginError(.invalid, "the event has neither a title nor a text") }
    switch configuration.style {
    case .text: return .content(content(title, text).cut(toUnits: DiscordLimits.content))
    case .embed: return embed(event, title, text)
    }
  }

  /// The body of one message. Whom the configuration names is called once, however many events are in it.
  func body(_ parts: [DiscordPart]) -> [UInt8] {
    var object = JSONObject()
    var embeds: [JSONValue] = []
    for part in parts {
      switch part {
      case .content(let text): object["content"] = .string(text)
      case .embed(let embed, _): embeds.append(.object(embed))
      }
    }
    if !embeds.isEmpty {
      if let calls { object["content"] = .string(calls) }
      object["embeds"] = .array(embeds)
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

  private func embed(_ event: Event, _ title: String, _ text: String) -> DiscordPart {
    let shownTitle = DiscordMarkdown.escaped(title).cut(toUnits: DiscordLimits.title)
    let shownText = DiscordMarkdown.escaped(text).cut(toUnits: DiscordLimits.description)
    var embed = JSONObject()
    if !title.isEmpty { embed["title"] = .string(shownTitle) }
    if !text.isEmpty { embed["description"] = .string(shownText) }
    embed["color"] = configuration.color.map { .integer($0) }
    // Discord shows it in each reader's own zone.
    embed["timestamp"] = .string(UTCDate(unixSeconds: event.dueNanoseconds / 1_000_000_000).rfc3339)
    return .embed(embed, units: shownTitle.utf16.count + shownText.utf16.count)
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
