import PluginKit0

/// One thing in a message that Discord does not take (code 50035, "Invalid Form Body").
struct DiscordFormFault: Sendable, Hashable {
  /// Faults that are kept of one answer.
  static let maximumCount = 32
  /// The form nests no deeper: `embeds.3.fields.24.value`.
  static let maximumDepth = 8

  /// Where, as members and indices.
  let path: [String]
  /// Discord's words for it.
  let words: String

  /// Which embed it is in; nil when it is in none, or in their list as such.
  var embed: Int? { path.first == "embeds" && path.count > 1 ? Int(path[1]) : nil }

  /// `embeds.3.description: Must be 4096 or fewer in length.`
  var shown: String { path.isEmpty ? words : "\(path.joined(separator: ".")): \(words)" }

  /// Of `{"embeds": {"3": {"description": {"_errors": [{"code": …, "message": …}]}}}}`.
  static func all(in errors: JSONValue?) -> [DiscordFormFault] {
    var found: [DiscordFormFault] = []
    if let errors { collect(errors, [], &found) }
    return found
  }

  private static func collect(_ value: JSONValue, _ path: [String], _ found: inout [DiscordFormFault]) {
    guard let object = value.object, path.count <= maximumDepth else { return }
    for member in object.members where found.count < maximumCount {
      if member.name == "_errors" {
        let words = member.value.array?.first?.object?["message"]?.string ?? ""
        found.append(DiscordFormFault(path: path, words: DiscordAnswer.shown(words)))
      } else {
        collect(member.value, path + [String(DiscordAnswer.shown(member.name).prefix(64))], &found)
      }
    }
  }
}
