import DiscordManifest

extension Discord {
  /// The plugin's manifest, `Manifest/manifest.json`, as `carillon/plugin.h` describes it.
  public static let manifest = String(cString: discord_manifest())
}
