import Glibc

/// A connection's socket.
final class OpenSocket {
  /// -1: none.
  var descriptor: Int32 = -1

  /// Whether it is open and nothing came that nobody asked for: a server that is silent between mails is still there; what
  /// it says unasked is a farewell.
  var isQuiet: Bool {
    guard descriptor >= 0 else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 0
  }

  /// Nothing is read any more.
  func stopReading() {
    if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RD)) }
  }

  /// What `close` answers.
  func close(_ closed: Int32) -> Int32 {
    if closed == descriptor { descriptor = -1 }
    return Glibc.close(closed)
  }
}
