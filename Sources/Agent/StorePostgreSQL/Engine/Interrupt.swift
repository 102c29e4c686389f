import Store
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Ends, from any thread, what a connection waits for: its thread polls this beside the socket.
final class Interrupt: Sendable {
  /// Readable once it was raised.
  let descriptor: Int32
  private let writer: Int32
  private let raised = Atomic(false)

  init() throws(StoreError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw StoreError(.unavailable, "no pipe for a connection to PostgreSQL: \(String(cString: strerror(errno)))")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writer) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  var isRaised: Bool { raised.load(ordering: .acquiring) }

  /// Whatever waits ends now, and whatever begins to wait later ends at once.
  func raise() {
    guard !raised.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 1
    // The pipe is empty: it takes a byte.
    _ = write(writer, &byte, 1)
  }
}
