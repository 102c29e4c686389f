#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the agent listens.
enum SocketPath {
  /// Bytes of a path that fit into `sockaddr_un`.
  static let maxBytes = 107
  private static let tail = "carillon/agent.sock"

  /// The user's own agent where there is one, else the system's.
  static func standard(_ environment: [String: String]) -> String {
    let candidates = [environment["XDG_RUNTIME_DIR"], "/run"].compactMap { $0 }.filter { !$0.isEmpty }
      .map { "\($0)/\(tail)" }
    return candidates.first { access($0, F_OK) == 0 } ?? candidates[0]
  }

  /// Connects once and hangs up: the transport would try again and again where nobody listens, and
  /// could not say why.
  static func probe(_ path: String) throws(CtlError) {
    guard path.utf8.count <= maxBytes else {
      throw .invalid("--socket", "the path has more than \(maxBytes) bytes: \(Excerpt.of(path))")
    }
    let descriptor = socket(AF_UNIX, SystemCalls.streamSocket, 0)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { pointer in
        connect(descriptor, pointer.baseAddress, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ number: Int32) -> CtlError {
    if number == EACCES || number == EPERM {
      return CtlError(.notAllowed, "the socket \(path) is not yours to use", hint: "run ctl as the agent's user")
    }
    return CtlError(
      .unreachable, "no agent listens at \(path): \(String(cString: strerror(number)))",
      hint: "start the agent, or say where it is with --socket, --server or --context")
  }
}
