public import CPluginAPI
import Manifest__TYPE__
import PluginKit0

private let entry = PluginEntry(manifest: String(cString: plugin_manifest()), eventType: __TYPE__EventType.self)

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The one symbol that the library exports.
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
