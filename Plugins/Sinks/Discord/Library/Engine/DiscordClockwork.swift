import Glibc
import PluginKit0
import Synchronization

/// A thread that runs a body until it says that it is done.
final class DiscordClockwork: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: Mutex<pthread_t?>

  /// Starts the thread.
  ///
  /// - Throws: `failed` when the system has none to give.
  init(_ run: @escaping @Sendable () -> Void) throws(PluginError) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(run))
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        // The host's signals are for its own threads.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      throw PluginError(.failed, "the system gives no thread: error \(result)")
    }
    self.thread = Mutex(thread)
  }

  /// Waits for its end; once.
  func join() {
    let thread = self.thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let thread { pthread_join(thread, nil) }
  }
}
