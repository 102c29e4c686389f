import EmailPlugin
import Glibc
import PluginKit0

enum LoopbackPort {
  /// A port that nobody listens on: it was free a moment ago.
  static func closed() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw ToolError(what: "cannot bind: error \(errno)") }
    return UInt16(bigEndian: address.sin_port)
  }
}

enum EmailSinkMaker {
  /// An active sink.
  static func make(_ configuration: String, _ host: RecordingHost) throws -> Email {
    let sink = try Email(
      name: "mail", configuration: JSONText(configuration), host: Host(instanceName: "mail", services: host))
    try sink.activate()
    return sink
  }
}
