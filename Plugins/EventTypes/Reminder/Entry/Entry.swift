public import CPluginAPI
import PluginKit0
import ReminderPlugin

private let entry = PluginEntry(manifest: Reminder.manifest, eventType: Reminder.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
