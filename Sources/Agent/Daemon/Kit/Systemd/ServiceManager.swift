import Glibc
import ServiceLifecycle

/// Tells systemd how the service is, by the protocol of sd_notify(3): a datagram to the socket in `NOTIFY_SOCKET`.
struct ServiceManager: Sendable {
  /// Longest path of a Unix socket, in bytes (unix(7)).
  private static let maximumPathBytes = 107

  private let path: String

  /// Nil where nobody wants to be told.
  init?(socket: String?) {
    guard let socket, socket.hasPrefix("/") || socket.hasPrefix("@"), socket.utf8.count <= Self.maximumPathBytes,
      socket.utf8.count > 1
    else { return nil }
    path = socket
  }

  /// Sends assignments, such as `READY=1`. One that cannot be sent is lost: a service must not fail because of who watches
  /// it.
  func tell(_ assignments: [String]) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: path.utf8)
      // A name in the abstract namespace begins with a zero byte and has no end but its length.
      if path.hasPrefix("@") { bytes[0] = 0 }
    }
    let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    let length = socklen_t(offset + path.utf8.count + (path.hasPrefix("@") ? 0 : 1))
    // A line break would end the assignment and begin another.
    let text = assignments.map { $0.replacing("\n", with: " ") }.joined(separator: "\n")
    let message = Array(text.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, 0, $0, length)
      }
    }
  }

  /// CLOCK_MONOTONIC, in microseconds.
  static func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }
}

/// Tells that the agent has started, and that it ends. Among the last of the group, so that all the others run.
struct ServiceManagerReport: Service {
  let manager: ServiceManager?

  func run() async throws {
    manager?.tell(["READY=1"])
    try? await gracefulShutdown()
    manager?.tell(["STOPPING=1"])
  }
}
