import Synchronization

/// The rates of all webhooks, behind a lock. Sinks of one process share them: Discord counts what a webhook and an address
/// send, whichever sink it is for.
final class DiscordRates: Sendable {
  /// The process' own.
  static let shared = DiscordRates()

  private let book: Mutex<DiscordRateBook>

  init(assumptions: DiscordRateBook.Assumptions = .init()) {
    book = Mutex(DiscordRateBook(assumptions: assumptions))
  }

  func withLock<Result: Sendable>(_ body: (inout DiscordRateBook) -> Result) -> Result {
    book.withLock { body(&$0) }
  }
}
