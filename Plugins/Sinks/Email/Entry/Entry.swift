public import CPluginAPI
import EmailPlugin
import PluginKit0

private let entry = PluginEntry(manifest: Email.manifest, sink: Email.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
