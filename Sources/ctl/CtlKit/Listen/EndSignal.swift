import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Waits for the reason to end: enough has come, the time is over, or someone interrupts.
final class EndSignal: Sendable {
  enum Reason: Sendable {
    case count
    case time
    case interrupt
  }

  private let stream: AsyncStream<Reason>
  private let continuation: AsyncStream<Reason>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1)) }

  func signal(_ reason: Reason) { continuation.yield(reason) }

  /// The first reason. SIGINT and SIGTERM count as reasons while this waits.
  func wait(within span: TimeSpan?) async -> Reason {
    let sources = [SIGINT, SIGTERM].map { number in
      ignoreDefault(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [continuation] in continuation.yield(.interrupt) }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    let timer = span.map { span in
      Task { [continuation] in
        try await Task.sleep(for: span.duration)
        continuation.yield(.time)
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      for await reason in stream { return reason }
      return .interrupt
    } onCancel: { [continuation] in
      continuation.yield(.interrupt)
    }
  }

  /// The default action must not end the process before the source sees the signal.
  private func ignoreDefault(_ number: Int32) {
    SystemCalls.ignore(number)
  }
}
