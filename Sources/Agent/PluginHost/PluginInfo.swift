/// A plugin, or a file that is none, as it is shown to people.
public struct PluginInfo: Sendable {
  /// Whether it can be used.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// In use.
    case loaded
    /// Was in use; too many of its calls ran over their limit.
    case disabled
    /// Never was; see `problem`.
    case refused
  }

  /// The short name that configurations use; empty for a file that was refused.
  public var name: String
  /// Reverse-domain name; empty for a file that was refused.
  public var id: String
  /// Semantic version; empty for a file that was refused.
  public var version: String
  /// Who made it; may be empty.
  public var vendor: String
  /// What it does, in a sentence; may be empty.
  public var summary: String
  /// Interface ids that it offers.
  public var provides: [String]
  /// The file or folder.
  public var file: String
  /// Whether it can be used.
  public var state: State
  /// Why not; empty when it can.
  public var problem: String
}

extension PluginRegistry {
  /// Every plugin and every file that was refused, for people.
  public var listing: [PluginInfo] {
    let loaded = plugins.map { plugin in
      let manifest = plugin.manifest
      return PluginInfo(
        name: manifest.name, id: manifest.id, version: manifest.version, vendor: manifest.vendor,
        summary: manifest.summary, provides: manifest.provides, file: plugin.file,
        state: plugin.disabledReason == nil ? .loaded : .disabled, problem: plugin.disabledReason ?? "")
    }
    let refused = problems.map { problem in
      PluginInfo(
        name: "", id: "", version: "", vendor: "", summary: "", provides: [], file: problem.file, state: .refused,
        problem: problem.description)
    }
    return loaded + refused
  }
}
