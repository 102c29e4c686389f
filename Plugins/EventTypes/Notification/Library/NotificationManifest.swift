import NotificationManifest

extension Notification {
  /// The plugin's manifest, `Manifest/manifest.json`, as `carillon/plugin.h` describes it.
  public static let manifest = String(cString: notification_manifest())
}
