import CCurl
import Glibc
import Synchronization

/// The thread that runs an ``EventLoop``.
final class IOThread: Sendable {
  private let thread: Mutex<pthread_t?>

  init(_ loop: EventLoop) throws(HTTPTransportError) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(loop)
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        IOThread.blockSignals()
        ccurl_name_thread("carillon-http")
        Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      throw HTTPTransportError(.system, "no thread: error \(result)")
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
