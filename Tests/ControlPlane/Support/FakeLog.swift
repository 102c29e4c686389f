import ControlPlane
import EventModel
import Logging
import Synchronization

/// A log that keeps its last lines, as the agent's does.
final class FakeLog: LogSource {
  private let state = Mutex<(first: Int64, lines: [LogEntry], plugins: [String: Int64])>((1, [], [:]))

  let run = "run7"

  var next: Int64 { state.withLock { $0.first + Int64($0.lines.count) } }

  func entries(from number: Int64, limit: Int) -> [LogEntry] {
    state.withLock { Array($0.lines.drop { $0.number < number }.prefix(limit)) }
  }

  func count(of plugin: String) -> Int64 { state.withLock { $0.plugins[plugin] ?? 0 } }

  /// Writes a line; its time is so many seconds after the tests' clock began.
  func write(_ message: String, level: Logger.Level = .info, second: Int64 = 0, fields: [String: String] = [:]) {
    state.withLock { state in
      var pluginNumber: Int64 = 0
      if let plugin = fields["plugin"] {
        state.plugins[plugin, default: 0] += 1
        pluginNumber = state.plugins[plugin] ?? 0
      }
      state.lines.append(
        LogEntry(
          number: state.first + Int64(state.lines.count), at: TestClock.start + .seconds(second), level: level,
          label: "test", message: message, fields: fields, pluginNumber: pluginNumber))
    }
  }

  /// Forgets the oldest lines.
  func drop(_ count: Int) {
    state.withLock {
      $0.lines.removeFirst(count)
      $0.first += Int64(count)
    }
  }
}

/// Has a configuration with one fault, or with none.
final class FakeReloader: ConfigurationReloader {
  private let state = Mutex<(fault: ModelError?, reloads: [Bool])>((nil, []))

  /// Every reload: whether it was a dry run.
  var reloads: [Bool] { state.withLock { $0.reloads } }

  func setFault(_ fault: ModelError?) { state.withLock { $0.fault = fault } }

  func reload(dryRun: Bool) async throws(ModelError) -> ConfigurationChanges {
    let fault = state.withLock { state in
      state.reloads.append(dryRun)
      return state.fault
    }
    if let fault { throw fault }
    return ConfigurationChanges(changed: ["log.level", "store.path"], needsRestart: ["store.path"])
  }
}
