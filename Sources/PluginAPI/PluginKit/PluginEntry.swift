public import CPluginAPI

/// Makes what a plugin's entry, the one exported symbol, answers.
///
/// ```swift
/// public import CPluginAPI
/// import PluginKit0
///
/// private let entry = PluginEntry(manifest: Noon.manifest, eventType: Noon.self)
///
/// @c @implementation
/// public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }
/// ```
///
/// One library provides at most one event type and one sink; a program that makes a second entry gets the first
/// one's table.
public struct PluginEntry: Sendable {
  private let plugin: LoadedPlugin

  /// An entry that provides an event type, a sink, or both.
  ///
  /// - Parameter manifest: JSON as `carillon/plugin.h` describes it, at most 256 KiB.
  public init(
    manifest: String, eventType: (any EventTypePlugin.Type)? = nil, sink: (any SinkPlugin.Type)? = nil
  ) {
    plugin = LoadedPlugin.register(manifest: manifest, eventType: eventType, sink: sink)
  }

  /// The static table; valid until the process ends.
  public var table: UnsafePointer<carillon_plugin> { plugin.entryTable }
}
