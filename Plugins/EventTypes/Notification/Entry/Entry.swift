public import CPluginAPI
import NotificationPlugin
import PluginKit0

private let entry = PluginEntry(manifest: Notification.manifest, eventType: Notification.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
