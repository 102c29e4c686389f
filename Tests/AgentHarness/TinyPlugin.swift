/// Builds `Fixtures/tiny_plugin.c`, as a plugin's author would.
public enum TinyPlugin {
  /// Compiles it into a folder.
  /// - Parameter abiMajor: the ABI's major version it says it was built for; nil: the present one.
  public static func build(into folder: String, name: String = "libtiny.so", abiMajor: Int? = nil) async throws {
    let root = Programs.repository
    let version = abiMajor.map { ["-DABI_MAJOR=\($0)"] } ?? []
    let arguments =
      ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"] + version + [
        "-I\(root)/Sources/PluginAPI/CPluginAPI/include", "-o", "\(folder)/\(name)",
        "\(root)/Tests/AgentHarness/Fixtures/tiny_plugin.c",
      ]
    _ = try await Tool.output("/usr/bin/cc", arguments)
  }
}
