import HTTPTransport
import PluginKit0
import Synchronization

/// The rates of all webhooks of one sink, and what is under way. Locks; never blocks for long.
final class DiscordRates: Sendable {
  /// Webhooks whose rate is remembered; beyond these the one that was used longest ago is forgotten.
  static let maximumWebhooks = 10_000
  /// What Discord allows all of an address together, in a second.
  static let overallLimit = 50

  private struct Entry {
    var pacer = DiscordPacer()
    var usedAt: Int64 = 0
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var invalid = DiscordInvalidCount()
    var globalBlockUntil: Int64 = 0
    var second: Int64 = 0
    var usedInSecond = 0
  }

  private let state = Mutex(State())

  /// Nil: send it now. Otherwise how to end this attempt: come back later.
  func ask(_ webhook: String, carry: String, now: Int64) -> DeliveryResult? {
    state.withLock { state in
      if let rest = state.invalid.rest(now: now) {
        return Self.later(
          rest, "discord-refusals", "too many refusals: nothing is sent, so that Discord bans nobody", carry)
      }
      if now < state.globalBlockUntil {
        return Self.later(state.globalBlockUntil - now, "http-429-global", "Discord asks to wait", carry)
      }
      if state.second != now / 1_000 { (state.second, state.usedInSecond) = (now / 1_000, 0) }
      guard state.usedInSecond < Self.overallLimit else {
        return Self.later(1_000 - now % 1_000, "rate", "over \(Self.overallLimit) a second", carry)
      }
      Self.makeRoom(&state)
      state.entries[webhook, default: Entry()].usedAt = now
      switch state.entries[webhook]?.pacer.ask(slot: Self.slot(carry), now: now) {
      case .wait(let slot): return Self.later(slot - now, "rate", "the webhook's rate", Self.carry(slot))
      case .go, nil:
        state.usedInSecond += 1
        return nil
      }
    }
  }

  /// Learns from an answer.
  func learn(_ webhook: String, _ answer: HTTPAnswer, now: Int64) {
    let fields = answer.rateLimit
    let resetAfter = fields["reset-after"].flatMap(Double.init).map {
      Int64(min(max($0 * 1_000, 0), 86_400_000).rounded(.up))
    }
    state.withLock { state in
      state.entries[webhook]?.pacer.learn(
        limit: fields["limit"].flatMap { Int($0) }, remaining: fields["remaining"].flatMap { Int($0) },
        resetAfter: resetAfter, now: now)
      if [401, 403, 429].contains(answer.status) { state.invalid.add(now: now) }
      guard answer.status == 429 else { return }
      let wait = Int64(clamping: DiscordOutcome.wait(answer) ?? 1_000)
      if DiscordOutcome.isGlobal(answer) {
        state.globalBlockUntil = max(state.globalBlockUntil, now + wait)
      } else {
        state.entries[webhook]?.pacer.block(for: wait, now: now)
      }
    }
  }

  private static func makeRoom(_ state: inout State) {
    guard state.entries.count >= maximumWebhooks else { return }
    if let oldest = state.entries.min(by: { $0.value.usedAt < $1.value.usedAt })?.key { state.entries[oldest] = nil }
  }

  private static func later(_ milliseconds: Int64, _ code: String, _ detail: String, _ carry: String) -> DeliveryResult
  {
    DeliveryResult(
      .throttled, retryAfterMilliseconds: UInt64(max(milliseconds, 1)), code: code, detail: detail, carry: carry)
  }

  // The slot is this process' own time: after a restart it means nothing, and is not understood.
  private static let run = UInt64.random(in: .min ... .max)

  private static func carry(_ slot: Int64) -> String { "slot:\(run):\(slot)" }

  private static func slot(_ carry: String) -> Int64? {
    let parts = carry.split(separator: ":")
    guard parts.count == 3, parts[0] == "slot", parts[1] == "\(run)" else { return nil }
    return Int64(parts[2])
  }
}
