import EventModel
import GRPCCore
import GRPCProtobuf

extension Failure {
  /// What a caller is told of something that was not done with a plugin.
  static func plugin(_ error: PluginOperationError, resource name: ResourceName?) -> GoogleRPCStatus {
    switch error.code {
    case .notFound:
      // With words of its own it is a file that is missing.
      guard let name else { return make(.notFound, "NOT_FOUND", error.message) }
      return error.message.isEmpty ? notFound(name) : notFound(name, message: error.message)
    case .invalid: return invalid(ModelError(violations: error.violations))
    case .failedPrecondition(let reason): return precondition(code(reason), error.message)
    case .etagMismatch: return name.map { etagMismatch($0) } ?? make(.aborted, "ETAG_MISMATCH", error.message)
    case .unavailable:
      return make(.unavailable, "PLUGIN_BUSY", error.message, details: [.retryInfo(delay: .seconds(1))])
    }
  }

  private static func code(_ reason: PluginOperationError.Reason) -> String {
    switch reason {
    case .reloadLimit: "RELOAD_LIMIT"
    case .notIsolated: "NOT_ISOLATED"
    case .digestMismatch: "DIGEST_MISMATCH"
    case .digestNotListed: "DIGEST_NOT_LISTED"
    case .noPreviousVersion: "NO_PREVIOUS_VERSION"
    case .trialRunning: "TRIAL_RUNNING"
    case .safeMode: "SAFE_MODE"
    case .disabledByConfiguration: "DISABLED_BY_CONFIGURATION"
    case .alreadyLoaded: "ALREADY_LOADED"
    case .otherPlugin: "OTHER_PLUGIN"
    case .unsafeFile: "UNSAFE_FILE"
    case .notLoadable: "NOT_LOADABLE"
    case .configuredBySinks: "CONFIGURED_BY_SINKS"
    }
  }
}
