#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Where the agent listens.
enum SocketPath {
  /// Bytes of a path that fit into `sockaddr_un`.
  static let maxBytes = 107
  private static let tail = "carillon/agent.sock"

  /// The flag, else CARILLON_SOCKET, else the user's own agent where there is one, else the system's.
  static func find(flag: String?, environment: [String: String]) throws(CtlError) -> String {
    let path = named(flag: flag, environment: environment) ?? standard(environment)
    guard path.utf8.count <= maxBytes else {
      throw .invalid("--socket", "the path has more than \(maxBytes) bytes: \(Excerpt.of(path))")
    }
    guard access(path, F_OK) == 0 else {
      throw CtlError(
        .unreachable, "no agent listens at \(path)",
        hint: "start the agent, or name its socket with --socket or CARILLON_SOCKET")
    }
    return path
  }

  private static func named(flag: String?, environment: [String: String]) -> String? {
    [flag, environment["CARILLON_SOCKET"]].compactMap { $0 }.first { !$0.isEmpty }
  }

  private static func standard(_ environment: [String: String]) -> String {
    let candidates = [environment["XDG_RUNTIME_DIR"], "/run"].compactMap { $0 }.filter { !$0.isEmpty }
      .map { "\($0)/\(tail)" }
    return candidates.first { access($0, F_OK) == 0 } ?? candidates[0]
  }
}
