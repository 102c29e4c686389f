import Glibc

/// Where the built programs and plugins are.
public struct Programs: Sendable {
  /// The folder with `agent`, `ctl` and the plugins' libraries.
  public let folder: String

  /// The folder that `CARILLON_PROGRAMS` names, else the one this program was built into.
  public static func find() throws(HarnessError) -> Programs {
    let programs = Programs(folder: value(of: "CARILLON_PROGRAMS") ?? ownFolder())
    for name in ["agent", "ctl"] + pluginFiles {
      guard access("\(programs.folder)/\(name)", R_OK) == 0 else {
        throw HarnessError(.missing, "\(programs.folder)/\(name) is not built; build everything, then run this again")
      }
    }
    return programs
  }

  /// The agent.
  public var agent: String { "\(folder)/agent" }
  /// The command-line tool.
  public var ctl: String { "\(folder)/ctl" }
  /// What plugins in processes of their own run in.
  public var runner: String { "\(folder)/carillon-runner" }
  /// A plugin's library, by its short name.
  public func plugin(_ name: String) -> String { "\(folder)/libcarillon-\(name).so" }

  /// The short names of the plugins that every home gets.
  public static let plugins = [
    "anniversary", "birthday", "discord", "email", "notification", "reminder", "webhook",
  ]
  private static let pluginFiles = plugins.map { "libcarillon-\($0).so" }

  /// Python with the modules that `deploy/setup.sh --tests` installs.
  public static let python = value(of: "CARILLON_PYTHON") ?? repositoryPython ?? "/usr/bin/python3"

  /// The repository that this was compiled in.
  public static let repository = String(#filePath.dropLast("/Tests/AgentHarness/Programs.swift".count))

  private static var repositoryPython: String? {
    let path = "\(repository)/.build/venv/bin/python3"
    return access(path, X_OK) == 0 ? path : nil
  }

  private static func ownFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// An environment variable that is set and not empty.
  public static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
