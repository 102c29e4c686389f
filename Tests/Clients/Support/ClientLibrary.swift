import AgentHarness

/// The C library, built and installed once for all tests.
struct ClientLibrary: Sendable {
  /// Where it was installed to.
  let prefix: String

  private static let folder = "\(Programs.repository)/Sources/ctl/CClient"
  private static let build = "\(Programs.repository)/.build/cclient"
  private static let once = Task {
    let prefix = "\(build)/installed"
    try await make(["install", "PREFIX=\(prefix)"], limit: .seconds(400))
    return ClientLibrary(prefix: prefix)
  }

  static func installed() async throws -> ClientLibrary { try await once.value }

  /// Runs the library's own Makefile.
  @discardableResult
  static func make(_ arguments: [String], limit: Duration) async throws -> String {
    try await Tool.output(
      "/usr/bin/make", ["-s", "-C", folder, "BUILD=\(build)", "PYTHON=\(Programs.python)"] + arguments,
      limit: limit)
  }

  /// Compiles a program as somebody would who has the installed library only.
  func compile(_ source: String, to program: String) async throws {
    let flags = try await pkgConfig(["--cflags", "--libs"])
    _ = try await Tool.output(
      "/usr/bin/cc",
      ["-std=c11", "-Wall", "-Wextra", "-Werror", source] + flags + ["-Wl,-rpath,\(prefix)/lib", "-o", program])
  }

  /// What pkg-config says of the library.
  func pkgConfig(_ questions: [String]) async throws -> [String] {
    let answer = try await Tool.output(
      "/usr/bin/pkg-config", questions + ["carillon-client"],
      environment: ["PKG_CONFIG_PATH": "\(prefix)/lib/pkgconfig"])
    return answer.split { $0 == " " || $0 == "\n" }.map(String.init)
  }
}
