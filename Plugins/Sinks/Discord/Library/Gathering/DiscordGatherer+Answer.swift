import PluginKit0

extension DiscordGatherer {
  /// A message has ended; what is left of it goes on.
  mutating func answer(
    _ id: UInt64, _ verdict: DiscordVerdict, _ book: inout DiscordRateBook, now: Int64
  ) -> [Completion] {
    guard let flight = flights.removeValue(forKey: id) else { return [] }
    calledOff.subtract(flight.items.map(\.ticket))
    switch verdict.outcome {
    case .delivered: return delivered(flight, verdict)
    case .refusedEmbeds: return withoutRefused(flight, verdict)
    case .refused: return halved(flight, verdict)
    case .gone: return disable(flight, verdict, &book)
    case .limited, .limitedOverall:
      let notBefore = now + (verdict.wait ?? 0)
      return flight.items.map {
        later($0, flight.key, code: verdict.code, detail: verdict.detail, notBefore: notBefore, &book, now: now)
      }
    case .failing, .unanswered: return again(flight, verdict)
    case .denied, .redirected, .other, .unsent, .addressRefused, .cancelled:
      let result = ended(verdict.outcome, flight.key, code: verdict.code, detail: verdict.detail)
      return flight.items.map { Completion($0.ticket, result) }
    }
  }

  /// Each event's receipt is the message's id, and its place in the message when there are others.
  private func delivered(_ flight: DiscordDispatch, _ verdict: DiscordVerdict) -> [Completion] {
    flight.items.enumerated().map { place, item in
      let isAlone = flight.items.count == 1 || verdict.message.isEmpty
      let receipt = isAlone ? verdict.message : "\(verdict.message)/\(place)"
      return Completion(item.ticket, DeliveryResult(.delivered, code: verdict.code, receipt: receipt))
    }
  }

  /// The named ones are refused for good; the others go on as a message without them.
  private mutating func withoutRefused(_ flight: DiscordDispatch, _ verdict: DiscordVerdict) -> [Completion] {
    guard verdict.refusals.keys.allSatisfy(flight.items.indices.contains), !verdict.refusals.isEmpty else {
      return halved(flight, verdict)
    }
    let refused = flight.items.enumerated().compactMap { place, item in
      verdict.refusals[place].map { Completion(item.ticket, permanent(verdict, $0)) }
    }
    let others = flight.items.enumerated().filter { verdict.refusals[$0.offset] == nil }.map(\.element)
    return refused + goOn([others], flight.key)
  }

  /// Nobody knows which one it is: each half goes on alone, until there is one.
  private mutating func halved(_ flight: DiscordDispatch, _ verdict: DiscordVerdict) -> [Completion] {
    guard flight.items.count > 1 else {
      return flight.items.map { Completion($0.ticket, permanent(verdict, verdict.detail)) }
    }
    let middle = flight.items.count / 2
    return goOn([Array(flight.items[..<middle]), Array(flight.items[middle...])], flight.key)
  }

  private func permanent(_ verdict: DiscordVerdict, _ detail: String) -> DeliveryResult {
    DeliveryResult(.permanent, code: verdict.code, detail: detail)
  }

  /// These were certainly not taken, and are messages of their own now.
  private mutating func goOn(_ messages: [[DiscordItem]], _ key: DiscordLineKey) -> [Completion] {
    let messages = messages.filter { !$0.isEmpty }
    guard !isClosed else {
      return messages.joined().map {
        Completion($0.ticket, DeliveryResult(.cancelled, code: "cancelled", detail: "the sink stops"))
      }
    }
    for message in messages { hold(message: message, key) }
    return []
  }

  /// The webhook is gone: so is everything that waits for it.
  private mutating func disable(
    _ flight: DiscordDispatch, _ verdict: DiscordVerdict, _ book: inout DiscordRateBook
  ) -> [Completion] {
    if gone.count >= Self.maximumGone { gone = [:] }
    gone[flight.key.rate] = verdict.code
    book.forget(flight.key.rate)
    var items = flight.items
    for key in lines.keys where key.rate == flight.key.rate {
      items += takeOut(key) { _ in true }
      lines[key] = nil
    }
    let result = ended(.gone, flight.key, code: verdict.code, detail: verdict.detail)
    return items.map { Completion($0.ticket, result) }
  }

  /// The message may stand there already. Its events come back together and are sent as the same message, or as what is left
  /// of it, and never beside anything else: so that a repetition, if it is one, repeats and does not confuse.
  private func again(_ flight: DiscordDispatch, _ verdict: DiscordVerdict) -> [Completion] {
    let name: String
    if case .again(let known) = flight.key.kind { name = known } else { name = "\(settings.run)-\(flight.id)" }
    let attempt = flight.items.map(\.attempt).max() ?? 1
    let wait = max(
      verdict.wait ?? 0, DiscordBackoff.milliseconds(afterAttempt: attempt, seed: settings.run &+ flight.id))
    var result = ended(verdict.outcome, flight.key, code: verdict.code, detail: verdict.detail)
    result.retryAfterMilliseconds = UInt64(wait)
    return flight.items.enumerated().map { place, item in
      result.carry = DiscordCarry(again: .init(message: name, place: place, count: flight.items.count)).text
      return Completion(item.ticket, result)
    }
  }
}
