import PluginKit0

/// What one event says, dressed for Discord.
enum DiscordPart: Sendable, Hashable {
  /// A message of its own.
  case content(String)
  /// A block, which may share a message with others.
  case embed(JSONObject, units: Int)

  /// What it counts towards the sum over all embeds.
  var units: Int {
    if case .embed(_, let units) = self { units } else { 0 }
  }
}
