#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A thread of the check's own.
final class Worker: @unchecked Sendable {
  // Unchecked: the body is given over to the thread, and who started it waits for its end.
  private let body: () -> Void
  private var thread = pthread_t()

  private init(_ body: @escaping () -> Void) { self.body = body }

  /// Runs something on a new thread. Whoever calls must `join`.
  static func run(_ body: @escaping () -> Void) -> Worker {
    let worker = Worker(body)
    let started = pthread_create(
      &worker.thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(worker).toOpaque())
    precondition(started == 0, "no thread could be started")
    return worker
  }

  /// Waits for its end.
  func join() { pthread_join(thread, nil) }
}
