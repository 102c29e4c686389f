import CPluginAPI
import Synchronization

/// What this library provides, and the host that started it.
///
/// A C function captures nothing, so the tables' functions find the plugin's types here. There is one for each
/// library, because every plugin library holds its own hidden copy of PluginKit.
///
/// Unchecked: the pointers lead to memory that is written before the value is shared, and never again.
final class LoadedPlugin: @unchecked Sendable {
  private static let registered = Mutex<LoadedPlugin?>(nil)

  let eventType: (any EventTypePlugin.Type)?
  let sink: (any SinkPlugin.Type)?
  let entryTable: UnsafePointer<carillon_plugin>
  private let eventTypeTable: UnsafePointer<carillon_event_type_1>?
  private let sinkTable: UnsafePointer<carillon_sink_1>?
  private let started = Mutex<LoadedHost?>(nil)

  static var current: LoadedPlugin? { registered.withLock { $0 } }

  var host: LoadedHost? { started.withLock { $0 } }

  /// Registers what the library provides. The first registration stays; a later one is answered with it.
  static func register(
    manifest: String, eventType: (any EventTypePlugin.Type)?, sink: (any SinkPlugin.Type)?
  ) -> LoadedPlugin {
    registered.withLock { plugin in
      if let plugin { return plugin }
      let made = LoadedPlugin(manifest: manifest, eventType: eventType, sink: sink)
      plugin = made
      return made
    }
  }

  private init(manifest: String, eventType: (any EventTypePlugin.Type)?, sink: (any SinkPlugin.Type)?) {
    self.eventType = eventType
    self.sink = sink
    eventTypeTable = eventType.map { Self.permanent(EventTypeGlue.table($0.threadModel)) }
    sinkTable = sink.map { Self.permanent(SinkGlue.table($0.threadModel)) }
    entryTable = Self.permanent(
      carillon_plugin(
        struct_size: UInt32(MemoryLayout<carillon_plugin>.size), abi_major: CARILLON_ABI_MAJOR,
        abi_minor: CARILLON_ABI_MINOR, flags: 0, manifest_json: Self.permanentText(manifest),
        start: { LoadedPlugin.start($0, $1) },
        stop: { LoadedPlugin.stop() },
        interface: { LoadedPlugin.interface($0) }))
  }

  /// Memory for a table that lives until the process ends, as a plugin's code does.
  private static func permanent<Table>(_ table: Table) -> UnsafePointer<Table> {
    let space = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    space.initialize(to: table)
    return UnsafePointer(space)
  }

  private static func permanentText(_ text: String) -> UnsafePointer<CChar> {
    let bytes = text.utf8CString
    let space = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (space + index).initialize(to: byte) }
    return UnsafePointer(space)
  }

  private static func start(_ host: UnsafePointer<carillon_host>?, _ collector: OpaquePointer?) -> carillon_status {
    guard let plugin = current else { return CARILLON_FAILED }
    do throws(PluginError) {
      let host = try LoadedHost(host)
      plugin.started.withLock { $0 = host }
      return CARILLON_OK
    } catch {
      // Without a usable host there is nobody to tell more than the status.
      return error.status.rawValue
    }
  }

  private static func stop() {
    current?.started.withLock { $0 = nil }
  }

  private static func interface(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
    guard let id, let plugin = current else { return nil }
    switch String(validatingCString: id) {
    case CARILLON_EVENT_TYPE_1: return plugin.eventTypeTable.map { UnsafeRawPointer($0) }
    case CARILLON_SINK_1: return plugin.sinkTable.map { UnsafeRawPointer($0) }
    default: return nil
    }
  }
}

extension PluginError {
  static let notStarted = PluginError(.failed, "the plugin was not started, or does not provide this interface")
}
