/// Exchanges that ended with an answer, kept for use again by the session that they were of: libcurl 7.88 lets a handle keep
/// its receive buffer after an exchange on a connection that others still use, and then refuses it another session's
/// settings.
struct SpareExchanges {
  private let maximum: Int
  private var bySession: [Int: [Exchange]] = [:]
  private var count = 0

  init(maximum: Int) { self.maximum = maximum }

  mutating func take(session: Int) -> Exchange? {
    guard let exchange = bySession[session]?.popLast() else { return nil }
    count -= 1
    if bySession[session]?.isEmpty == true { bySession[session] = nil }
    return exchange
  }

  /// When there are too many, one of another session gives way.
  mutating func put(_ exchange: Exchange, session: Int) {
    if count >= maximum {
      guard let other = bySession.keys.first(where: { $0 != session }) else { return }
      _ = take(session: other)
    }
    bySession[session, default: []].append(exchange)
    count += 1
  }

  mutating func forget(session: Int) {
    count -= bySession.removeValue(forKey: session)?.count ?? 0
  }

  mutating func removeAll() { self = SpareExchanges(maximum: maximum) }
}
