import CPluginAPI

/// Runs the Swift side of one C call: whatever it throws is told to the host and becomes the call's status.
func guarded(
  _ host: LoadedHost?, _ collector: OpaquePointer?, _ body: () throws(PluginError) -> Void
) -> carillon_status {
  do {
    try body()
    return CARILLON_OK
  } catch {
    return host?.report(error, to: collector) ?? error.status.rawValue
  }
}

/// The host's handle of one instance: the plugin's value, and whom to tell of its errors.
final class Instance<Plugin: Sendable>: Sendable {
  let plugin: Plugin
  let host: LoadedHost

  init(_ plugin: Plugin, host: LoadedHost) {
    self.plugin = plugin
    self.host = host
  }

  /// Hands a reference over to the host; `destroy` takes it back.
  func handle() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  static func borrow(_ handle: OpaquePointer?) -> Instance? {
    handle.map { Unmanaged<Instance>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  static func destroy(_ handle: OpaquePointer?) {
    guard let handle else { return }
    Unmanaged<Instance>.fromOpaque(UnsafeRawPointer(handle)).release()
  }
}
