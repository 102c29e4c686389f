import ControlPlane
import EventModel
import PluginHost

/// What the agent remembers about a plugin beyond the version in use.
struct PluginRecord: Sendable {
  /// What was in its place before the last reload; started, and without work.
  var previous: LoadedPlugin?
  var reloads = 0
  /// How often it was changed in this run of the agent.
  var changes = 0
  /// The file that it was first loaded from.
  var firstFile: String?
  /// The trial that runs, and its watcher.
  var trial: (run: TrialRun, watcher: Task<Void, Never>)?
  /// How the last trial stands, or ended.
  var lastTrial: PluginTrial?
  /// Whether somebody works on it.
  var isBusy = false
}

extension PluginOperationError {
  /// What the plugin host answered, in the terms of the API.
  init(_ error: PluginHostError) {
    guard error.violations.isEmpty else {
      self.init(ModelError(error))
      return
    }
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .digest: .failedPrecondition(.digestMismatch)
      case .digestNotListed: .failedPrecondition(.digestNotListed)
      case .otherPlugin: .failedPrecondition(.otherPlugin)
      case .safeMode: .failedPrecondition(.safeMode)
      case .duplicateName: .failedPrecondition(.alreadyLoaded)
      case .reloadLimit: .failedPrecondition(.reloadLimit)
      case .unsafeFile, .unsafeFolder: .failedPrecondition(.unsafeFile)
      case .notWanted: .failedPrecondition(.disabledByConfiguration)
      case .busy, .illegalState, .timeLimit: .unavailable
      default: .failedPrecondition(.notLoadable)
      }
    self.init(code, error.message)
  }
}
