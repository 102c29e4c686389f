import Glibc
import PluginHost

/// Reads the configuration from its sources: at the start, and again at each reload.
struct ConfigurationLoader: Sendable {
  /// The YAML file; nil: none.
  let file: String?
  /// `--set`.
  let flags: [String]
  /// Reads everything anew, secrets too.
  /// - Throws: every fault of every source at once.
  func load() throws(ConfigurationError) -> Configuration {
    var text: (name: String, text: String)?
    if let file {
      do throws(FileError) {
        text = (file, try BoundedFile.text(file, maximumBytes: ConfigurationSource.maximumFileBytes))
      } catch {
        throw ConfigurationError(faults: [.init(file, "\(file): \(error.message)")])
      }
    }
    let exposed = ExposedFiles()
    var configuration = try Configuration(
      file: text, environment: Self.environment(), flags: flags, programFolder: Self.programFolder(),
      hostName: HostName.own(), secrets: SecretResolver(exposed: { _ = exposed.note($0) }))
    configuration.warnings += exposed.paths.map { "every user of this machine can read the secret in \($0)" }
    return configuration
  }

  private static func environment() -> [String: String] {
    var result: [String: String] = [:]
    for key in ConfigurationKey.all {
      if let value = getenv(key.environmentName) { result[key.environmentName] = String(cString: value) }
    }
    return result
  }

  private static func programFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}

/// What this machine is called.
enum HostName {
  /// As gethostname(2) says.
  static func own() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "agent" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
