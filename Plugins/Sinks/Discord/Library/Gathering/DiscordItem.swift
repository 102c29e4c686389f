import HTTPTransport
import PluginKit0

/// One event on its way into a message.
struct DiscordItem: Sendable {
  let ticket: Ticket
  let attempt: Int
  /// What it says, within Discord's sizes.
  let part: DiscordPart
  var carry: DiscordCarry
  /// When it came, in milliseconds of the steady clock.
  let arrival: Int64
  /// When its attempt must have ended.
  let deadline: Int64

  /// Until when it may wait here for its message to go: half of its time at most, the other half is for the exchange.
  var heldUntil: Int64 { arrival + min(DiscordGatherer.longestHold, max(deadline - arrival, 0) / 2) }
}

/// Which events may be in one message: to the same address (the configuration is the instance's, so the thread is the same
/// too), and of the same kind.
struct DiscordLineKey: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case real
    case test
    /// What was in one message that may stand in the channel already.
    case again(String)
  }

  let address: WebhookAddress
  let kind: Kind

  var rate: DiscordRateBook.Key { DiscordRateBook.Key(origin: address.target.origin, id: address.id) }
}

/// A message that goes.
struct DiscordDispatch: Sendable {
  /// Names it to the session.
  let id: UInt64
  let key: DiscordLineKey
  let items: [DiscordItem]

  /// Of all its events the first.
  var deadline: Int64 { items.map(\.deadline).min() ?? 0 }
}
