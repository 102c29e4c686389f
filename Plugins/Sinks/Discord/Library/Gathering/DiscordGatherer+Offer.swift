import PluginKit0

extension DiscordGatherer {
  /// An event that came, and where it is to go.
  struct Offer: Sendable {
    let address: WebhookAddress
    let isTest: Bool
    var item: DiscordItem

    /// What may stand in the channel already is sent again with what was in that message and nothing else.
    var key: DiscordLineKey {
      let kind: DiscordLineKey.Kind = item.carry.again.map { .again($0.message) } ?? (isTest ? .test : .real)
      return DiscordLineKey(address: address, kind: kind)
    }
  }

  /// Takes events.
  mutating func offer(_ offers: [Offer], _ book: inout DiscordRateBook, now: Int64) -> Actions {
    var actions = Actions()
    for offer in offers {
      if let end = admit(offer, &book, now) {
        actions.ended.append(end)
      } else {
        open(offer.key, for: offer.item)
        hold(offer.item, offer.key)
      }
    }
    turn(&actions, &book, now: now)
    return actions
  }

  /// Nil when it may wait here for its message.
  private mutating func admit(_ offer: Offer, _ book: inout DiscordRateBook, _ now: Int64) -> Completion? {
    let (item, key) = (offer.item, offer.key)
    if let code = gone[key.rate] { return Completion(item.ticket, ended(.gone, key, code: code, detail: nil)) }
    if let slot = item.carry.slot, slot.run == settings.run, slot.time > now + Self.toleratedEarliness,
      slot.time <= now + DiscordSlots.furthestMilliseconds
    {
      return Self.throttled(item, wait: slot.time - now, code: "rate", detail: "its time has not come", slot: slot)
    }
    if mayWait(item, key, book, now) { return nil }
    if book.isResting(key.rate, now: now) {
      return later(
        item, key, code: "discord-refusals", detail: "too many refusals: nothing is sent, so that Discord bans nobody",
        &book, now: now)
    }
    return later(item, key, code: "rate", detail: "the webhook's rate", &book, now: now)
  }

  private func mayWait(_ item: DiscordItem, _ key: DiscordLineKey, _ book: DiscordRateBook, _ now: Int64) -> Bool {
    let line = lines[key]
    guard held < Self.maximumHeld, (line?.count ?? 0) < Self.maximumPool else { return false }
    let opens = book.opens(key.rate, places: line?.messages(with: item.part) ?? 1, now: now)
    if item.carry.slot != nil || item.carry.again != nil { return opens <= item.heldUntil }
    // Who comes for the first time passes nobody that has a slot.
    return book.lastSlot(key.rate) <= now && opens <= now
  }

  /// The result for all events of a message that ended so.
  func ended(_ outcome: DiscordOutcome, _ key: DiscordLineKey, code: String, detail: String?) -> DeliveryResult {
    DeliveryResult(
      outcome.outcome(isOwnAddress: key.address == ownAddress), code: code,
      detail: detail ?? "Discord said that this webhook is gone")
  }
}
