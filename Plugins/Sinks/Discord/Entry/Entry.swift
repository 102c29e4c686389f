public import CPluginAPI
import DiscordPlugin
import PluginKit0

private let entry = PluginEntry(manifest: Discord.manifest, sink: Discord.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
