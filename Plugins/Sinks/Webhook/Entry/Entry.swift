public import CPluginAPI
import PluginKit0
import WebhookPlugin

private let entry = PluginEntry(manifest: Webhook.manifest, sink: Webhook.self)

// swift-format-ignore: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
