import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether somebody asked the program to end (SIGINT, SIGTERM) while it does what can stop at a good place. Who asks a
/// second time ends it at once.
final class StopRequest: Sendable {
  private let wasMade = Atomic<Bool>(false)

  var isMade: Bool { wasMade.load(ordering: .relaxed) }

  func make() { wasMade.store(true, ordering: .relaxed) }

  /// Heeds the signals for as long as `body` runs.
  static func heeded<Result>(_ body: (StopRequest) async throws -> Result) async rethrows -> Result {
    let request = StopRequest()
    let signals = [SIGINT, SIGTERM]
    let sources = signals.map { number in
      // The default action must not end the process before the source sees the signal.
      SystemCalls.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        request.make()
        for number in signals { SystemCalls.heed(number) }
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in signals { SystemCalls.heed(number) }
    }
    return try await body(request)
  }
}
