import BirthdayManifest

extension Birthday {
  /// The plugin's manifest, `Manifest/manifest.json`, as `carillon/plugin.h` describes it.
  public static let manifest = String(cString: birthday_manifest())
}
