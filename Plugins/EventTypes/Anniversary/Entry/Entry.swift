import AnniversaryPlugin
public import CPluginAPI
import PluginKit0

private let entry = PluginEntry(manifest: Anniversary.manifest, eventType: Anniversary.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
