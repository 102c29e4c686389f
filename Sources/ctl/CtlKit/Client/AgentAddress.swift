import NIOCore

/// Where an agent listens: a Unix socket (`unix:/path`) or a TCP port (`host:port`, `[::1]:7443`).
enum AgentAddress: Sendable, Hashable {
  case unix(path: String)
  case tcp(host: String, port: Int)

  /// Bytes of a host name (RFC 1035, section 2.3.4).
  static let maxHostBytes = 253

  /// Reads an address; a path that begins with `/` is a Unix socket, too.
  /// - Parameter field: how errors name it.
  init(_ text: String, field: String) throws(CtlError) {
    if text.hasPrefix("unix:") || text.hasPrefix("/") {
      let path = text.hasPrefix("/") ? text : String(text.dropFirst("unix:".count))
      guard !path.isEmpty else { throw .invalid(field, "a path must follow unix:") }
      self = .unix(path: path)
      return
    }
    guard let (host, port) = Self.split(text) else {
      throw .invalid(
        field, "\(Excerpt.of(text)) is no address", hint: "write unix:/run/carillon/agent.sock or host.example.org:7443"
      )
    }
    self = .tcp(host: host, port: port)
  }

  private static func split(_ text: String) -> (host: String, port: Int)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), 1...65_535 ~= port
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      guard isIPv6(host) else { return nil }
    } else if host.contains(":") {
      return nil
    }
    guard 1...maxHostBytes ~= host.utf8.count, isIPv6(host) || host.utf8.allSatisfy(isHostByte) else { return nil }
    return (host, port)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    Byte.isLetter(byte) || Byte.isDigit(byte) || byte == Byte.dot || byte == Byte.dash || byte == Byte.underscore
  }

  /// As it is written in a context.
  var text: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  /// Whether what is sent there stays on this machine.
  var isLocal: Bool {
    guard case .tcp(let host, _) = self else { return true }
    return host == "localhost" || host == "::1" || (Self.isIPv4(host) && host.hasPrefix("127."))
  }

  static func isIPv4(_ host: String) -> Bool { address(host)?.protocol == .inet }
  static func isIPv6(_ host: String) -> Bool { address(host)?.protocol == .inet6 }

  private static func address(_ host: String) -> NIOCore.SocketAddress? {
    // Who is no number is a name.
    try? NIOCore.SocketAddress(ipAddress: host, port: 0)
  }
}
