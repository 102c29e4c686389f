import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Work without an end of its own, which somebody ends by SIGINT or SIGTERM: that is how it should end, so it is no error.
enum Interruption {
  /// Runs `body` until it ends or is interrupted; then what it waits for is cancelled.
  /// - Parameter isWanted: whether signals are heeded; else this only runs `body`.
  static func ends(if isWanted: Bool = true, _ body: @Sendable @escaping () async throws -> Void) async throws {
    guard isWanted else { return try await body() }
    let (signals, told) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
    let numbers = [SIGINT, SIGTERM]
    let sources = numbers.map { number in
      // The default action must not end the process before the source sees the signal.
      SystemCalls.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { told.yield() }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in numbers { SystemCalls.heed(number) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await body() }
      group.addTask { for await _ in signals { return } }
      defer { group.cancelAll() }
      // What comes first ends the other: the work with its error, or the signal without one.
      try await group.next()
    }
  }
}
