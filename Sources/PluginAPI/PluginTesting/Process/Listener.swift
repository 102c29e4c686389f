import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Listens on 127.0.0.1 for what sinks send while they are checked, and answers everything with "not now": HTTP with 503,
/// whoever waits to be greeted (SMTP) with 421. So a delivery is tried for real, and nothing leaves the machine.
final class Listener: Sendable {
  /// How long a client that says nothing is waited for, in milliseconds.
  private static let patience: Int32 = 150
  private static let http =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 60\r\n\r\n"
  private static let smtp = "421 4.3.2 not now\r\n"

  let port: Int
  private let descriptor: Int32
  private let isEnding = Mutex(false)

  /// Begins to listen; nil when there is no loopback interface.
  init?() {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && listen(socket, 256) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard isBound else {
      close(socket)
      return nil
    }
    descriptor = socket
    port = Int(UInt16(bigEndian: address.sin_port))
    Self.serve(self)
  }

  /// Listens no more.
  func end() {
    isEnding.withLock { $0 = true }
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  private static func serve(_ listener: Listener) {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Listener>.fromOpaque(context).takeRetainedValue().accept()
        return nil
      }, Unmanaged.passRetained(listener).toOpaque())
    pthread_detach(thread)
  }

  private func accept() {
    while !isEnding.withLock({ $0 }) {
      let client = Glibc.accept(descriptor, nil, nil)
      if client < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      answer(client)
    }
  }

  private func answer(_ client: Int32) {
    defer { close(client) }
    var wanted = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
    var bytes = [UInt8](repeating: 0, count: 64 * 1_024)
    let hasSpoken = poll(&wanted, 1, Self.patience) > 0
    if hasSpoken { _ = recv(client, &bytes, bytes.count, 0) }
    let text = hasSpoken ? Self.http : Self.smtp
    _ = text.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
  }
}
