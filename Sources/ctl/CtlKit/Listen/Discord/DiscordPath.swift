/// The path of a Discord webhook: `/api/webhooks/{id}/{token}`, with or without a version.
struct DiscordPath: Equatable {
  /// The webhook's id, a snowflake.
  var id: String
  /// Whether the sender waits for the message (`wait=true`).
  var waits: Bool

  /// Nil when the request's target is none.
  init?(_ target: String) {
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var parts = (halves.first ?? "").split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard parts.popFirst() == "api" else { return nil }
    if let version = parts.first, version.first == "v", !version.dropFirst().isEmpty,
      version.dropFirst().allSatisfy(\.isNumber)
    {
      parts.removeFirst()
    }
    guard parts.popFirst() == "webhooks", let id = parts.popFirst(), let token = parts.popFirst(), parts.isEmpty,
      !id.isEmpty, id.utf8.count <= 20, id.utf8.allSatisfy(Byte.isDigit), !token.isEmpty
    else { return nil }
    self.id = String(id)
    let query = halves.dropFirst().first ?? ""
    waits = query.split(separator: "&").contains { $0 == "wait=true" || $0 == "wait=1" }
  }
}
