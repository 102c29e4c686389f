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
  /// The SQLite file, or the database's URL.
  public var store: String {
    switch choice {
    case .sqlite: "\(folder.path)/state/carillon.db"
    case .postgresql(let url, _, _): direct(url)
    }
  }
  /// The folder with copies of the plugins, which a test may add to or spoil.
  public var plugins: String { "\(folder.path)/plugins" }
  /// What the agent wrote to standard error, over all its starts.
  public var log: String { folder.read("agent.log") }

  /// Where an agent keeps its data.
  public enum StoreChoice: Sendable {
    /// A file in its own folder.
    case sqlite
    /// A database that agents share; `direct` is its URL without the pooler that `url` goes through, if it does.
    case postgresql(url: String, direct: String? = nil, prepares: Bool = true)
  }

  private let choice: StoreChoice

  /// Makes a home in a folder of its own, runs `body`, and removes it.
  /// - Parameters:
  ///   - name: the agent's identity.
  ///   - lines: more lines for the section `agent`, such as `lease: 2s`.
  public static func with<Result>(
    name: String = "test-agent", store: StoreChoice = .sqlite, lines: [String] = [],
    _ body: (AgentHome) async throws -> Result
  ) async throws -> Result {
    let programs = try Programs.find()
    return try await TemporaryFolder.with { folder in
      try await body(AgentHome(folder: folder, programs: programs, name: name, choice: store, lines: lines))
    }
  }

  private init(
    folder: TemporaryFolder, programs: Programs, name: String, choice: StoreChoice, lines: [String]
  ) throws {
    self.folder = folder
    self.programs = programs
    self.choice = choice
    opsPort = try LoopbackPort.free()
    let manager = FileManager.default
    let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    for path in [plugins, "\(folder.path)/state"] {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: owner)
    }
    for name in Programs.plugins {
      try manager.copyItem(atPath: programs.plugin(name), toPath: "\(plugins)/libcarillon-\(name).so")
    }
    try folder.write(configuration(name, lines), to: "agent.yaml")
  }

  /// The configuration file.
  public var configurationFile: String { "\(folder.path)/agent.yaml" }

  private func direct(_ url: String) -> String {
    guard case .postgresql(_, let direct?, _) = choice else { return url }
    return direct
  }

  private var storeSection: String {
    switch choice {
    case .sqlite: "  path: \(store)"
    case .postgresql(let url, let direct, let prepares):
      """
        kind: postgresql
        url: "\(url)"
        direct_url: "\(direct ?? "")"
        prepare: "\(prepares ? "auto" : "off")"
      """
    }
  }

  private func configuration(_ name: String, _ lines: [String]) -> String {
    """
    agent:
      name: \(name)
      state_directory: \(folder.path)/state
    \(lines.map { "  " + $0 }.joined(separator: "\n"))
    store:
    \(storeSection)
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
