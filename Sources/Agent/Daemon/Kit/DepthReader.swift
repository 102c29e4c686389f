import EventModel
import Store
import Synchronization

/// Reads the queues' depths for whoever scrapes. A store that hangs must not keep the other metrics back, which are wanted
/// most then: so a scrape waits for a bounded time only, and several share one read.
final class DepthReader: Sendable {
  /// How long a scrape waits; Prometheus gives up after 10 s unless told otherwise.
  static let patience = Duration.seconds(1)
  /// Scrapes that wait for one read; more get what was known before.
  private static let mostWaiting = 16

  private typealias Waiting = AsyncStream<[QueueDepth]>.Continuation

  private struct State {
    var isReading = false
    var waiting: [Waiting] = []
  }

  private let store: any Store
  private let state = Mutex(State())

  init(_ store: any Store) {
    self.store = store
  }

  /// The depths by `now`; nil when the store does not say so in time, or fails.
  func depths(now: Timestamp, within limit: Duration = patience) async -> [QueueDepth]? {
    let (stream, waiting) = AsyncStream.makeStream(of: [QueueDepth].self, bufferingPolicy: .bufferingNewest(1))
    guard let begins = enqueue(waiting) else { return nil }
    if begins { Task { await read(now) } }
    return await withTaskGroup(of: [QueueDepth]?.self) { group in
      group.addTask { await stream.first { _ in true } }
      group.addTask {
        // A cancelled wait only ends sooner.
        try? await ContinuousClock().sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }

  /// Whether the caller has to begin a read; nil when too many wait already.
  private func enqueue(_ waiting: Waiting) -> Bool? {
    state.withLock { state in
      guard state.waiting.count < Self.mostWaiting else { return nil }
      state.waiting.append(waiting)
      defer { state.isReading = true }
      return !state.isReading
    }
  }

  private func read(_ now: Timestamp) async {
    // Without the store the depths keep their last values; `carillon_store_failures_total` tells why.
    let depths = try? await store.queueDepths(now: now)
    let waiting = state.withLock { state in
      defer { state = State() }
      return state.waiting
    }
    for one in waiting {
      if let depths { one.yield(depths) }
      one.finish()
    }
  }
}
