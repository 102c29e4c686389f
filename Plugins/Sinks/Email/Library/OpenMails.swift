import PluginKit0
import SMTPTransport
import Synchronization

/// What is to be known of the mails that are with the session, until their end.
final class OpenMails: Sendable {
  private let host: Host
  private let outcomes = Mutex([UInt64: EmailOutcome]())
  private let lastLine = Mutex<ContinuousClock.Instant?>(nil)
  /// Between two lines about the same trouble.
  private static let quiet = Duration.seconds(60)

  init(host: Host) { self.host = host }

  func add(_ outcomes: [(token: UInt64, outcome: EmailOutcome)]) {
    self.outcomes.withLock { open in for (token, outcome) in outcomes { open[token] = outcome } }
  }

  func remove(_ tokens: [UInt64]) { outcomes.withLock { open in for token in tokens { open[token] = nil } } }

  /// Tells the host of a mail's end. On a thread of the session's.
  func end(_ completion: SMTPCompletion) {
    guard let outcome = outcomes.withLock({ $0.removeValue(forKey: completion.token) }) else { return }
    let result = outcome.result(completion.result)
    if result.outcome == .throttled { tell(result) }
    host.complete([Completion(Ticket(rawValue: completion.token), result)])
  }

  /// All mails wait for the right login, which nobody learns from a mail.
  private func tell(_ result: DeliveryResult) {
    let now = ContinuousClock.now
    let isNews = lastLine.withLock { last in
      if let last, now - last < Self.quiet { return false }
      last = now
      return true
    }
    if isNews { host.log(.error, "mails wait: \(result.detail) (\(result.code))") }
  }
}
