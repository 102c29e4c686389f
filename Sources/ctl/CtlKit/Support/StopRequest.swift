import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
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
      handle(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        request.make()
        for number in signals { handle(number, SIG_DFL) }
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in signals { handle(number, SIG_DFL) }
    }
    return try await body(request)
  }
}

private func handle(_ number: Int32, _ handler: __sighandler_t?) {
  #if canImport(Glibc)
    _ = Glibc.signal(number, handler)
  #else
    _ = Musl.signal(number, handler)
  #endif
}
