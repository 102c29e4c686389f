/// Work without an end of its own, which somebody ends by SIGINT or SIGTERM: that is how it should end, so it is no error.
enum Interruption {
  /// Runs `body` until it ends or is interrupted; then what it waits for is cancelled.
  /// - Parameter isWanted: whether signals are heeded; else this only runs `body`.
  static func ends(if isWanted: Bool = true, _ body: @Sendable @escaping () async throws -> Void) async throws {
    guard isWanted else { return try await body() }
    let (signals, told) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
    try await EndSignals.handled {
      told.yield()
    } while: {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await body() }
        group.addTask { for await _ in signals { return } }
        defer { group.cancelAll() }
        // What comes first ends the other: the work with its error, or the signal without one.
        try await group.next()
      }
    }
  }
}
