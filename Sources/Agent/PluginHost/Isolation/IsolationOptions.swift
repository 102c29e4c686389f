/// Where a plugin runs.
public enum PluginIsolation: String, Hashable, Sendable, CaseIterable {
  /// In the agent's own process.
  case inProcess = "in-process"
  /// In a process of its own, `carillon-runner`.
  case process
}

/// How plugins are kept apart from the agent.
public struct IsolationOptions: Sendable {
  /// Where plugins run that are not ours, and are not named below.
  public var standard: PluginIsolation
  /// Names of plugins that run in the agent's process although they are not ours.
  public var inProcess: Set<String>
  /// Names of plugins that run in processes of their own although they are ours.
  public var isolated: Set<String>
  /// The program `carillon-runner`.
  public var runner: String
  /// Most memory that a plugin's process may map, in bytes; 0: no limit.
  public var memoryBytes: UInt64
  /// Most files that it may have open.
  public var openFiles: UInt64
  /// Most processes that its user may have, for a plugin that may make some.
  public var processes: UInt64
  /// Largest file that it may write, in bytes.
  public var fileBytes: UInt64
  /// The user and group that it runs as; nil: those of the agent.
  public var user: Identity?
  /// How it is brought back.
  public var restart: RestartPolicy

  /// A user of the system.
  public struct Identity: Hashable, Sendable {
    /// The user's number.
    public var user: UInt32
    /// The group's number.
    public var group: UInt32

    /// Makes an identity.
    public init(user: UInt32, group: UInt32) {
      self.user = user
      self.group = group
    }
  }

  /// Makes options.
  public init(
    standard: PluginIsolation = .inProcess, inProcess: Set<String> = [], isolated: Set<String> = [],
    runner: String = "", memoryBytes: UInt64 = 1_024 * 1_024 * 1_024, openFiles: UInt64 = 1_024,
    processes: UInt64 = 256, fileBytes: UInt64 = 4 * 1_024 * 1_024 * 1_024, user: Identity? = nil,
    restart: RestartPolicy = RestartPolicy()
  ) {
    self.standard = standard
    self.inProcess = inProcess
    self.isolated = isolated
    self.runner = runner
    self.memoryBytes = memoryBytes
    self.openFiles = openFiles
    self.processes = processes
    self.fileBytes = fileBytes
    self.user = user
    self.restart = restart
  }

  /// Where a plugin runs.
  func place(of name: String, isOurs: Bool) -> PluginIsolation {
    if isolated.contains(name) { return .process }
    if inProcess.contains(name) { return .inProcess }
    return isOurs ? .inProcess : standard
  }
}
