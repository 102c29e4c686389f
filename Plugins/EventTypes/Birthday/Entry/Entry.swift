import BirthdayPlugin
public import CPluginAPI
import PluginKit0

private let entry = PluginEntry(manifest: Birthday.manifest, eventType: Birthday.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
