import Foundation

/// All that one agent has: its folder, addresses, plugins and configuration.
public struct AgentHome: Sendable {
  /// The folder that holds everything.
  public let folder: TemporaryFolder
  /// The programs in use.
  public let programs: Programs
  /// Port of `/livez`, `/readyz` and `/metrics`.
  public let opsPort: Int

  /// The control API's socket.
  public var socket: String { "\(folder.path)/agent.sock" }
  /// The SQLite file.
  public var store: String { "\(folder.path)/state/carillon.db" }
  /// The folder with copies of the plugins, which a test may add to or spoil.
  public var plugins: String { "\(folder.path)/plugins" }
  /// What the agent wrote to standard error, over all its starts.
  public var log: String { folder.read("agent.log") }

  /// Makes a home in a folder of its own, runs `body`, and removes it.
  public static func with<Result>(_ body: (AgentHome) async throws -> Result) async throws -> Result {
    let programs = try Programs.find()
    return try await TemporaryFolder.with { folder in
      try await body(AgentHome(folder: folder, programs: programs))
    }
  }

  private init(folder: TemporaryFolder, programs: Programs) throws {
    self.folder = folder
    self.programs = programs
    opsPort = try LoopbackPort.free()
    let manager = FileManager.default
    let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    for path in [plugins, "\(folder.path)/state"] {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: owner)
    }
    for name in Programs.plugins {
      try manager.copyItem(atPath: programs.plugin(name), toPath: "\(plugins)/libcarillon-\(name).so")
    }
    try folder.write(configuration, to: "agent.yaml")
  }

  /// The configuration file.
  public var configurationFile: String { "\(folder.path)/agent.yaml" }

  private var configuration: String {
    """
    agent:
      name: test-agent
      state_directory: \(folder.path)/state
    store:
      path: \(store)
    plugins:
      folders: [\(plugins)]
      allow_writable: true
    listen:
      socket: \(socket)
      ops: 127.0.0.1:\(opsPort)
    log:
      format: logfmt

    """
  }

  /// Runs `ctl` against this agent.
  public func ctl(
    _ arguments: [String], input: String = "", limit: Duration = .seconds(60)
  ) async throws -> Tool.Answer {
    try await Tool.run(
      programs.ctl, arguments, environment: ["CARILLON_SOCKET": socket], input: input, limit: limit)
  }
}
