/// Builds plugins of `Fixtures/`, as a plugin's author would.
public enum TinyPlugin {
  /// Compiles `tiny_plugin.c`, the event type `tiny`, into a folder.
  /// - Parameter abiMajor: the ABI's major version it says it was built for; nil: the present one.
  public static func build(into folder: String, name: String = "libtiny.so", abiMajor: Int? = nil) async throws {
    try await compile(
      "Tests/AgentHarness/Fixtures/tiny_plugin.c", into: "\(folder)/\(name)",
      abiMajor.map { ["-DABI_MAJOR=\($0)"] } ?? [])
  }

  /// Compiles `tiny_sink.c`, the sink `tiny-sink`, into a folder.
  public static func buildSink(into folder: String) async throws {
    try await compile("Tests/AgentHarness/Fixtures/tiny_sink.c", into: "\(folder)/libtiny-sink.so", [])
  }

  /// Compiles a plugin of one file.
  /// - Parameters:
  ///   - source: the file, from the repository's folder on.
  ///   - defines: further arguments, such as `-DNAME=value`.
  static func compile(_ source: String, into file: String, _ defines: [String]) async throws {
    let root = Programs.repository
    let arguments =
      ["-D_GNU_SOURCE", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden"]
      + defines + ["-I\(root)/Sources/PluginAPI/CPluginAPI/include", "-o", file, "\(root)/\(source)"]
    _ = try await Tool.output("/usr/bin/cc", arguments)
  }
}
