import HTTPTransport
import PluginKit0
import Synchronization

/// What is under way, by ticket: to which webhook, so that its answer teaches that webhook's rate.
final class DiscordFlights: Sendable {
  private struct Flight: Sendable {
    let webhook: String
    let isOwnAddress: Bool
  }

  let rates = DiscordRates()
  private let host: Host
  private let open = Mutex<[UInt64: Flight]>([:])

  init(host: Host) { self.host = host }

  func add(_ token: UInt64, webhook: String, isOwnAddress: Bool) {
    open.withLock { $0[token] = Flight(webhook: webhook, isOwnAddress: isOwnAddress) }
  }

  /// These were not taken after all.
  func forget(_ tokens: [UInt64]) {
    open.withLock { open in for token in tokens { open[token] = nil } }
  }

  /// Ends deliveries; on the I/O thread.
  func report(_ completions: [HTTPCompletion]) {
    let now = SteadyClock.milliseconds
    host.complete(
      completions.map { completion in
        let flight = open.withLock { $0.removeValue(forKey: completion.token) }
        return Completion(Ticket(rawValue: completion.token), result(completion.result, flight, now))
      })
  }

  private func result(_ result: HTTPResult, _ flight: Flight?, _ now: Int64) -> DeliveryResult {
    switch result {
    case .answer(let answer):
      if let flight { rates.learn(flight.webhook, answer, now: now) }
      return DiscordOutcome.result(answer, isOwnAddress: flight?.isOwnAddress ?? false)
    case .failure(let failure): return DiscordOutcome.result(failure)
    }
  }
}
