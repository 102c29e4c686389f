import PluginKit0

extension DiscordGatherer {
  /// Sends what may go, and lets nothing wait here for too long.
  ///
  /// - Parameter isHurried: nothing waits for companions, and what cannot go now comes back later: the sink is to end.
  mutating func turn(
    _ actions: inout Actions, _ book: inout DiscordRateBook, now: Int64, isHurried: Bool = false
  ) {
    for key in active.sorted(by: isBefore) {
      while isDue(key, book, now) || isHurried && active.contains(key), book.isOpen(key.rate, now: now),
        let dispatch = take(key)
      {
        book.begin(key.rate, isPlanned: dispatch.items.contains { $0.carry.slot != nil }, now: now)
        actions.sends.append(dispatch)
      }
      let late = takeOut(key) { isHurried || $0.heldUntil <= now }
      actions.ended += late.map {
        later($0, key, code: "rate", detail: "the webhook's rate", &book, now: now)
      }
    }
  }

  /// When to look again if nothing happens before; nil when nothing waits here.
  func nextTurn(_ book: DiscordRateBook, now: Int64) -> Int64? {
    active.compactMap { key -> Int64? in
      guard let line = lines[key], let heldUntil = line.heldUntil else { return nil }
      let due = isDue(key, book, now) ? now : dueAt(key, line, now)
      return min(heldUntil, max(due, book.opens(key.rate, places: 1, now: now)))
    }.min().map { max($0, now + 1) }
  }

  /// Whether the line's next message waits for nobody any more.
  private func isDue(_ key: DiscordLineKey, _ book: DiscordRateBook, _ now: Int64) -> Bool {
    guard active.contains(key), let line = lines[key], !line.isEmpty else { return false }
    return line.isFull || now >= dueAt(key, line, now)
  }

  /// Until when the line's first event waits for companions: for long when others are certain to come.
  private func dueAt(_ key: DiscordLineKey, _ line: DiscordLine, _ now: Int64) -> Int64 {
    let arrival = line.firstArrival ?? now
    if case .again = key.kind { return arrival + Self.patienceAgain }
    let expected = line.hasAll(now) ? arrival : min(arrival, line.lastSlot) + Self.patience
    return max(arrival + settings.waitMilliseconds, expected)
  }

  private func isBefore(_ one: DiscordLineKey, _ other: DiscordLineKey) -> Bool {
    (lines[one]?.firstArrival ?? .max) < (lines[other]?.firstArrival ?? .max)
  }
}
