import CCurl
import Glibc

/// epoll for libcurl's sockets and the inbox's wake-up.
///
/// libcurl lets go of a connection's socket after each answer and takes it up again for the next request. Leaving it
/// with epoll in between saves two system calls on each request; it is taken out when it is closed, which libcurl
/// tells (close-socket callback), or when it says something while nobody listens.
final class Poller {
  private static let maximumEvents = 512

  private struct Registration {
    /// What epoll was told; 0: not with epoll.
    var registered: UInt32 = 0
    /// What libcurl wants; 0: nothing.
    var wanted: UInt32 = 0
    /// Whose it is; nil: the inbox's.
    var channel: Channel?
    /// Opened by us, so that we learn of its end.
    var isOurs = false
  }

  private let descriptor: Int32
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: maximumEvents)
  private var registrations: [Registration] = []

  init() throws(HTTPTransportError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else {
      events.deallocate()
      throw HTTPTransportError(.system, "no epoll: error \(errno)")
    }
  }

  deinit {
    events.deallocate()
    Glibc.close(descriptor)
  }

  /// Bits of `EPOLLIN` and `EPOLLOUT`; 0: nothing more.
  func want(_ interest: UInt32, on socket: Int32, for channel: Channel?) {
    guard let index = slot(socket) else { return }
    registrations[index].wanted = interest
    registrations[index].channel = channel
    if interest == 0, registrations[index].isOurs { return }
    register(interest, index)
  }

  func opened(_ socket: Int32) {
    if let index = slot(socket) { registrations[index] = Registration(isOurs: true) }
  }

  /// Closes a socket, which takes it out of epoll.
  func close(_ socket: Int32) -> Int32 {
    if let index = slot(socket) { registrations[index] = Registration() }
    return Glibc.close(socket)
  }

  /// Waits, and hands out what is ready. A time-out below 0 is none.
  func wait(milliseconds: Int32, _ body: (_ socket: Int32, _ events: UInt32, _ channel: Channel?) -> Void) {
    let count = epoll_wait(descriptor, events, Int32(Self.maximumEvents), milliseconds)
    guard count > 0 else { return }
    for index in 0..<Int(count) {
      let socket = events[index].data.fd
      guard let slot = slot(socket) else { continue }
      if registrations[slot].wanted == 0 {
        register(0, slot)
      } else {
        body(socket, events[index].events, registrations[slot].channel)
      }
    }
  }

  private func slot(_ socket: Int32) -> Int? {
    guard socket >= 0 else { return nil }
    let index = Int(socket)
    if index >= registrations.count {
      registrations += Array(repeating: Registration(), count: index + 64 - registrations.count)
    }
    return index
  }

  private func register(_ interest: UInt32, _ index: Int) {
    let before = registrations[index].registered
    guard before != interest else { return }
    var event = epoll_event(events: interest, data: epoll_data_t(fd: Int32(index)))
    let operation = interest == 0 ? EPOLL_CTL_DEL : before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    registrations[index].registered = interest
    guard epoll_ctl(descriptor, operation, Int32(index), &event) != 0, interest != 0 else { return }
    // libcurl's own sockets (its resolver's) may be closed and come back under the same number.
    if errno == ENOENT {
      epoll_ctl(descriptor, EPOLL_CTL_ADD, Int32(index), &event)
    } else if errno == EEXIST {
      epoll_ctl(descriptor, EPOLL_CTL_MOD, Int32(index), &event)
    }
  }
}
