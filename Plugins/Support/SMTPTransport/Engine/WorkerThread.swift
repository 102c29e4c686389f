import CCurl
import Glibc
import Synchronization

/// A thread that runs one function.
final class WorkerThread: Sendable {
  private final class Work {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: Mutex<pthread_t?>

  init(_ run: @escaping @Sendable () -> Void) throws(SMTPError) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Work(run))
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        WorkerThread.blockSignals()
        ccurl_name_thread("carillon-smtp")
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      throw SMTPError(.system, "no thread: error \(result)")
    }
    self.thread = Mutex(thread)
  }

  /// Waits for the end of the thread; once. On the thread itself it is let go instead.
  func join() {
    guard
      let thread = self.thread.withLock({ thread in
        defer { thread = nil }
        return thread
      })
    else { return }
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }

  /// The host's signals are for its own threads; and a write to a closed TLS connection raises SIGPIPE here.
  private static func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
