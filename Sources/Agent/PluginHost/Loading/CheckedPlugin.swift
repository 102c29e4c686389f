/// A file that may be loaded, and was not.
public struct CheckedPlugin: Sendable {
  /// What it says about itself; nil: it has no note, and would say so when it is loaded.
  public let manifest: PluginManifest?
  /// Where it is.
  public let file: String
  /// Its SHA-256, as configurations write it: `sha256:…`.
  public let digest: String
  /// The version of the ABI that it was built for, `0.4`; empty when its file does not say.
  public let abiVersion: String
  /// Where it would run.
  public let isolation: PluginIsolation
}
