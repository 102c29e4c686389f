/// The rates of everything that this process writes to: webhooks, their channels, their servers. Pure.
struct DiscordRateBook: Sendable {
  /// Names a webhook.
  struct Key: Sendable, Hashable {
    let origin: String
    let id: String
  }

  /// What is believed until answers say otherwise.
  struct Assumptions: Sendable, Hashable {
    /// For a webhook: 5 in 2 s.
    var webhook = DiscordWindow(limit: 5, length: 2_000)
    /// For a channel, whose limit no answer shows: 30 in 60 s.
    var channel = DiscordWindow(limit: 30, length: 60_000)
  }

  private struct Channel {
    var window: DiscordWindow
    var slots = DiscordSlots()
    var blockedUntil: Int64 = 0
  }

  /// Webhooks that are remembered; beyond these the ones that were used longest ago are forgotten.
  static let maximumWebhooks = 10_000
  /// Servers that are remembered.
  static let maximumOrigins = 64

  let assumptions: Assumptions
  private var webhooks: [Key: DiscordWebhookRate] = [:]
  private var channels: [String: Channel] = [:]
  private var origins: [String: DiscordOrigin] = [:]

  init(assumptions: Assumptions = Assumptions()) { self.assumptions = assumptions }

  /// Whether a message may go now.
  func isOpen(_ key: Key, now: Int64) -> Bool {
    guard origins[key.origin]?.isOpen(now) ?? true else { return false }
    guard let rate = webhooks[key] else { return true }
    guard rate.isOpen(now), let channel = channels[rate.channel] else { return rate.isOpen(now) }
    return now >= channel.blockedUntil && channel.window.isOpen(now)
  }

  /// When so many messages may have gone, if nothing else goes meanwhile.
  func opens(_ key: Key, places: Int, now: Int64) -> Int64 {
    let overall = origins[key.origin]?.opens(places: places, now: now) ?? now
    guard let rate = webhooks[key] else { return max(overall, fresh(places, now)) }
    let own = max(overall, rate.opens(places: places, now: now))
    guard let channel = channels[rate.channel] else { return own }
    return max(own, channel.blockedUntil, channel.window.opens(places: places, now: now))
  }

  /// The last slot that was handed out for the webhook's channel; 0 without one.
  func lastSlot(_ key: Key) -> Int64 { webhooks[key].flatMap { channels[$0.channel]?.slots.last } ?? 0 }

  /// Whether the server has refused so much that nothing is sent.
  func isResting(_ key: Key, now: Int64) -> Bool { origins[key.origin]?.isResting(now) ?? false }

  /// A message begins.
  ///
  /// - Parameter isPlanned: whether it had a slot.
  mutating func begin(_ key: Key, isPlanned: Bool, now: Int64) {
    makeRoom(for: key, now)
    let channel = webhooks[key]?.channel ?? ""
    webhooks[key]?.begin(now)
    origins[key.origin]?.begin(now)
    guard let limit = channels[channel]?.window.limit else { return }
    channels[channel]?.window.begin(now)
    if !isPlanned { channels[channel]?.slots.unplanned(now, limit: limit) }
  }

  /// A message was answered, or given up.
  mutating func end(_ key: Key, now: Int64) {
    webhooks[key]?.window.end(now)
    origins[key.origin]?.end(now)
    if let channel = webhooks[key]?.channel { channels[channel]?.window.end(now) }
  }

  /// The next slot for a message, when what stands in line before it has its own.
  mutating func reserve(_ key: Key, now: Int64) -> Int64 {
    makeRoom(for: key, now)
    let earliest = opens(key, places: 1, now: now)
    guard let rate = webhooks[key], let window = channels[rate.channel]?.window else { return earliest }
    let spacing = max(DiscordSlots.spacing(window), DiscordSlots.spacing(rate.window))
    let slot =
      channels[rate.channel]?.slots.reserve(earliest: earliest, window: window, spacing: spacing, now: now) ?? earliest
    return origins[key.origin]?.reserve(from: slot, now: now) ?? slot
  }

  /// Learns from an answer.
  mutating func learn(_ key: Key, _ facts: DiscordRateFacts, now: Int64) {
    if let id = facts.channel { bind(key, to: "\(key.origin)/channels/\(id)") }
    learnRule(key, facts)
    if let remaining = facts.remaining, let resetAfter = facts.resetAfter {
      webhooks[key]?.learn(remaining: remaining, resetAfter: resetAfter, now: now)
    }
    if facts.countsAsRefusal { origins[key.origin]?.refused(now) }
    guard let wait = facts.wait else { return }
    switch facts.scope {
    case .everything: origins[key.origin]?.block(until: now + wait)
    case .channel:
      guard let channel = webhooks[key]?.channel else { return }
      block(channel, until: now + wait)
      channels[channel]?.window.fill(until: now + wait, now: now)
    case .webhook: webhooks[key]?.block(until: now + wait)
    }
  }

  /// The rule of a bucket shows in its first answer; later ones may only make it stricter. A window of several seconds is the
  /// channel's, which Discord showed in earlier years.
  private mutating func learnRule(_ key: Key, _ facts: DiscordRateFacts) {
    guard let limit = facts.limit, let remaining = facts.remaining, let reset = facts.resetAfter,
      let rate = webhooks[key], 1...DiscordWindow.maximumLimit ~= limit
    else { return }
    guard remaining == limit - 1, DiscordWindow.lengths ~= reset else {
      if limit < rate.window.limit { webhooks[key]?.window.set(limit: limit, length: rate.window.length) }
      return
    }
    if reset > 5 * assumptions.webhook.length {
      channels[rate.channel]?.window.set(limit: limit, length: reset)
    } else {
      webhooks[key]?.window.set(limit: limit, length: reset)
    }
  }

  /// A webhook is gone, and its slots with it.
  mutating func forget(_ key: Key) {
    guard let rate = webhooks.removeValue(forKey: key) else { return }
    if !webhooks.values.contains(where: { $0.channel == rate.channel }) { channels[rate.channel] = nil }
  }

  private mutating func block(_ channel: String, until time: Int64) {
    let old = channels[channel]?.blockedUntil ?? 0
    channels[channel]?.blockedUntil = max(old, time)
  }

  /// The webhook turns out to write into this channel: it shares that one's rate.
  private mutating func bind(_ key: Key, to name: String) {
    guard let rate = webhooks[key], rate.channel != name, let old = channels.removeValue(forKey: rate.channel) else {
      return
    }
    if rate.channel == Self.channelBeforeItsID(key) {
      webhooks[key]?.channel = name
    } else {
      for (other, its) in webhooks where its.channel == rate.channel { webhooks[other]?.channel = name }
    }
    guard var known = channels[name] else {
      channels[name] = old
      return
    }
    known.window.absorb(old.window)
    known.slots.absorb(old.slots)
    known.blockedUntil = max(known.blockedUntil, old.blockedUntil)
    channels[name] = known
  }

  /// Only this webhook uses it.
  private static func channelBeforeItsID(_ key: Key) -> String { "\(key.origin)/webhooks/\(key.id)" }

  private func fresh(_ places: Int, _ now: Int64) -> Int64 {
    max(assumptions.webhook.opens(places: places, now: now), assumptions.channel.opens(places: places, now: now))
  }

  private mutating func makeRoom(for key: Key, _ now: Int64) {
    if origins[key.origin] == nil {
      if origins.count >= Self.maximumOrigins { forgetQuiet(now) }
      origins[key.origin] = DiscordOrigin()
    }
    if webhooks[key] != nil { return }
    if webhooks.count >= Self.maximumWebhooks { forgetOldest() }
    let name = Self.channelBeforeItsID(key)
    webhooks[key] = DiscordWebhookRate(window: assumptions.webhook, channel: name)
    webhooks[key]?.usedAt = now
    if channels[name] == nil { channels[name] = Channel(window: assumptions.channel) }
  }

  /// Servers of which there is nothing to remember; all of them, should there be something about each.
  private mutating func forgetQuiet(_ now: Int64) {
    origins = origins.filter { !$0.value.isQuiet(now) }
    if origins.count >= Self.maximumOrigins { origins = [:] }
  }

  /// A quarter goes at once, so that the search for the oldest costs little for each.
  private mutating func forgetOldest() {
    let oldest = webhooks.sorted { $0.value.usedAt < $1.value.usedAt }.prefix(Self.maximumWebhooks / 4)
    for (key, _) in oldest { webhooks[key] = nil }
    let used = Set(webhooks.values.map(\.channel))
    channels = channels.filter { used.contains($0.key) }
  }
}
