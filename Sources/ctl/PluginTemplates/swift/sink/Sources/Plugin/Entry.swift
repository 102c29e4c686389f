public import CPluginAPI
import Manifest__TYPE__
import PluginKit0

private let entry = PluginEntry(manifest: String(cString: plugin_manifest()), sink: __TYPE__Sink.self)

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The one symbol that the library exports.
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
