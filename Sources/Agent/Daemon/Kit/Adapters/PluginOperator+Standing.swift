import ControlPlane
import Logging
import PluginHost
import Synchronization

/// What stands of a plugin whichever version of it is in use: whether a person disabled it, and its etag.
extension PluginOperator {
  /// Takes a plugin out of use, or into it, as a person wanted it; what its own faults did stays.
  func settle(_ plugin: LoadedPlugin) {
    if let reason = disabled.reason(of: plugin.manifest.name) {
      plugin.disable(reason)
    } else if plugin.disabledReason != nil, !plugin.isDisabledForFaults {
      plugin.enable()
    }
  }

  /// Keeps what a person wants for the next start. Without, it counts all the same until the agent ends, and the answer
  /// says so: a plugin must be stoppable when the disk is full.
  func keep(_ body: () throws(FileError) -> Void) {
    do throws(FileError) { try body() } catch {
      logger.error(
        "which plugins are disabled was not kept for the next start", metadata: ["error": "\(error.message)"])
    }
  }

  /// Counts a change, so that the plugin has another etag.
  func noteChange(_ name: String) { records.withLock { $0[name, default: PluginRecord()].changes += 1 } }

  /// - Throws: `.etagMismatch` when it was changed since the caller looked.
  func check(_ plugin: LoadedPlugin, _ terms: PluginTerms) throws(PluginOperationError) {
    guard terms.etag.isEmpty || terms.etag == etag(plugin) else {
      throw PluginOperationError(.etagMismatch, "\(plugin.manifest.name) was changed meanwhile")
    }
  }
}
