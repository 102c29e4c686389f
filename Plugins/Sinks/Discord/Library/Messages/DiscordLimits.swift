/// What Discord allows, from its documentation of "Execute Webhook" and of embeds. Lengths count UTF-16 units.
enum DiscordLimits {
  /// A message's text.
  static let content = 2_000
  /// Embeds in a message.
  static let embeds = 10
  /// An embed's title.
  static let title = 256
  /// An embed's text.
  static let description = 4_096
  /// Titles, texts, and what else counts, of all embeds of a message together.
  static let embedsTogether = 6_000
  /// The name of who speaks.
  static let name = 80
}
