/// Which plugins may be loaded.
public struct LoadingPolicy: Hashable, Sendable {
  /// Digests of files that may be loaded, `sha256:` and 64 hexadecimal digits; by the plugin's name, or for any name.
  public var digests: [PinnedDigest]
  /// Whether only files whose digest is listed are loaded.
  public var requiresDigest: Bool
  /// Names of plugins that are not loaded.
  public var disabled: Set<String>
  /// Whether only Carillon's own plugins are loaded.
  public var isSafeMode: Bool

  /// A digest that a configuration names.
  public struct PinnedDigest: Hashable, Sendable {
    /// The plugin's name; nil for any.
    public var name: String?
    /// The digest.
    public var digest: String

    /// Makes a pin.
    public init(name: String? = nil, digest: String) {
      self.name = name
      self.digest = digest
    }

    /// Reads `sha256:<hex>` or `name=sha256:<hex>`; nil when it is neither.
    public init?(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let last = parts.last, Self.isDigest(last), parts.count == 1 || !parts[0].isEmpty else { return nil }
      self.init(name: parts.count == 2 ? String(parts[0]) : nil, digest: last.lowercased())
    }

    /// Whether a text is `sha256:` and 64 hexadecimal digits.
    public static func isDigest(_ text: some StringProtocol) -> Bool {
      text.hasPrefix("sha256:") && text.utf8.count == 71
        && text.dropFirst(7).utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0 | 0x20) }
    }
  }

  /// Makes a policy; without arguments everything may be loaded.
  public init(
    digests: [PinnedDigest] = [], requiresDigest: Bool = false, disabled: Set<String> = [], isSafeMode: Bool = false
  ) {
    self.digests = digests
    self.requiresDigest = requiresDigest
    self.disabled = disabled
    self.isSafeMode = isSafeMode
  }

  /// Whether a text is a plugin's name, as a manifest may have it.
  public static func isName(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// Names of Carillon's own plugins, which run in the agent's process; each from a file of its own name.
  static let own: Set<String> = [
    "anniversary", "birthday", "discord", "email", "notification", "reminder", "webhook",
  ]

  /// Whether a plugin is one of Carillon's own: its id, and the name of its file, say so.
  static func isOurs(_ manifest: PluginManifest, file: String) -> Bool {
    own.contains(manifest.name) && manifest.id == "org.carillon.\(manifest.name)"
      && file.hasSuffix("/libcarillon-\(manifest.name).so")
  }

  /// Whether a file, by its name in its folder, is where one of Carillon's own would be.
  static func isOurFile(_ name: String) -> Bool { own.contains { name == "libcarillon-\($0).so" } }

  /// Checks a file before anything of it runs.
  /// - Throws: `.digestNotListed`.
  func check(_ image: PluginImage) throws(PluginHostError) {
    guard requiresDigest, !digests.contains(where: { $0.digest == image.digest }) else { return }
    throw PluginHostError(
      .digestNotListed,
      "\(image.file) has the digest \(image.digest), which plugins.digests does not list (plugins.require_digest)")
  }

  /// Checks a plugin whose name is known.
  /// - Throws: `.digestNotListed`, `.notWanted`, `.safeMode`.
  func check(_ manifest: PluginManifest, _ image: PluginImage) throws(PluginHostError) {
    let name = manifest.name
    let pinned = digests.filter { $0.name == name }
    guard pinned.isEmpty || pinned.contains(where: { $0.digest == image.digest }) else {
      throw PluginHostError(
        .digestNotListed,
        "\(image.file) has the digest \(image.digest); for \(name) plugins.digests lists "
          + pinned.map(\.digest).joined(separator: ", "))
    }
    if disabled.contains(name) { throw PluginHostError(.notWanted, "\(name) stands in plugins.disabled") }
    guard !isSafeMode || Self.isOurs(manifest, file: image.file) else {
      throw PluginHostError(.safeMode, "the agent runs in safe mode, which loads Carillon's own plugins only")
    }
  }
}
