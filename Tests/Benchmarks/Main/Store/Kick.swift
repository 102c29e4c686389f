/// Wakes the one task that waits for it. Kicks that come while nobody waits count as one.
struct Kick: Sendable {
  private let kicks: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  init() {
    (kicks, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func callAsFunction() { source.yield() }

  /// Returns at the next kick.
  /// - Throws: `CancellationError`.
  func wait() async throws {
    for await _ in kicks { return }
    throw CancellationError()
  }
}
