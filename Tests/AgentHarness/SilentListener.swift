import Glibc

/// A port on every address of loopback that takes connections and requests, and never says anything: the system does it
/// all, as nobody accepts.
public final class SilentListener: Sendable {
  private static let backlog: Int32 = 4_096
  private let descriptor: Int32
  /// Where it listens.
  public let port: Int

  /// Begins to listen.
  public init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError(.notMeasured, "no socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_ANY
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, Self.backlog) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      throw HarnessError(.notMeasured, "nothing can listen on loopback")
    }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  /// An address of its own for each number: 127.2.0.0 and on.
  public func url(_ number: Int) -> String { "http://127.2.\(number / 250 % 250).\(number % 250 + 1):\(port)/hook" }

  deinit { close(descriptor) }
}
