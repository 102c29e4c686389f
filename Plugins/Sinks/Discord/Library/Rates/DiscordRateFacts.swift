/// What an answer says about rates.
struct DiscordRateFacts: Sendable, Hashable {
  /// What a 429 is for.
  enum Scope: Sendable, Hashable {
    case webhook
    case channel
    case everything
  }

  /// The size of the webhook's bucket, what is left of it, and in how many milliseconds it is whole again.
  var limit: Int?
  var remaining: Int?
  var resetAfter: Int64?
  /// How many milliseconds a 429 asks to wait; nil for another answer.
  var wait: Int64?
  /// What that is for.
  var scope = Scope.webhook
  /// Whether Discord counts it towards a ban of the address.
  var countsAsRefusal = false
  /// The channel that the message stands in.
  var channel: String?
}
