import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The signals that ask a program to end.
enum EndSignals {
  static let numbers = [SIGINT, SIGTERM]

  /// Calls `handler` for each of them, in place of the end, for as long as `body` runs.
  static func handled<Result>(
    by handler: @escaping @Sendable () -> Void, while body: () async throws -> Result
  ) async rethrows -> Result {
    let sources = numbers.map { number in
      // The default action must not end the process before the source sees the signal.
      SystemCalls.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { handler() }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      heedAgain()
    }
    return try await body()
  }

  /// From now on they end the program.
  static func heedAgain() {
    for number in numbers { SystemCalls.heed(number) }
  }
}
