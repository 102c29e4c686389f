import ControlAPI
import EventModel
import Logging
import SwiftProtobuf

extension Carillon_V1_Plugin.Isolation {
  /// Nil: it runs nowhere.
  init(_ isolation: PluginIsolation?) {
    self =
      switch isolation {
      case .inProcess: .inProcess
      case .process: .process
      case nil: .unspecified
      }
  }
}

extension Carillon_V1_Plugin.DisabledBy {
  /// Nil: it is not disabled.
  init(_ disabler: PluginDisabler?) {
    self =
      switch disabler {
      case .call: .call
      case .configuration: .configuration
      case .faults: .faults
      case nil: .unspecified
      }
  }
}

extension PluginIsolation {
  /// Nil where nothing is said.
  static func wanted(_ value: Carillon_V1_Plugin.Isolation, field: String) throws(ModelError) -> PluginIsolation? {
    switch value {
    case .unspecified: nil
    case .inProcess: .inProcess
    case .process: .process
    case .UNRECOGNIZED(let number): throw ModelError(field: field, "\(number) is no value of Isolation")
    }
  }
}

extension Carillon_V1_PluginProcess {
  init(_ process: PluginProcess) {
    self.init()
    pid = Int32(clamping: process.pid ?? 0)
    restarts = Int64(process.restarts)
    lastExit = process.lastExit
    if let until = process.quarantinedUntil { quarantinedUntilTime = Google_Protobuf_Timestamp(until) }
    residentBytes = process.residentBytes ?? 0
    enforced = process.enforced
  }
}

extension Carillon_V1_PluginTrial {
  init(_ trial: PluginTrial) {
    self.init()
    state =
      switch trial.state {
      case .running: .running
      case .passed: .passed
      case .rolledBack: .rolledBack
      }
    version = trial.version
    startTime = Google_Protobuf_Timestamp(trial.startedAt)
    if let endedAt = trial.endedAt { endTime = Google_Protobuf_Timestamp(endedAt) }
    deliveries = Int64(trial.deliveries)
    failures = Int64(trial.failures)
    wantedDeliveries = Int64(trial.wantedDeliveries)
    if let rate = trial.baselineFailureRate { baselineFailureRate = rate }
    reason = trial.reason
  }
}

extension Carillon_V1_PluginStatistics {
  init(_ statistics: PluginStatistics) {
    self.init()
    calls = statistics.calls
    callFailures = statistics.callFailures
    timeouts = statistics.timeouts
    deliveries = statistics.deliveries
    strikes = Int32(clamping: statistics.strikes)
    if let time = statistics.callP50 { callP50 = Google_Protobuf_Duration(exactly: time) }
    if let time = statistics.callP99 { callP99 = Google_Protobuf_Duration(exactly: time) }
  }
}

extension Google_Protobuf_Duration {
  /// To the nanosecond: a call of a plugin may take less than a microsecond.
  fileprivate init(exactly time: Duration) {
    let (seconds, attoseconds) = time.components
    self.init(seconds: seconds, nanos: Int32(truncatingIfNeeded: attoseconds / 1_000_000_000))
  }
}

extension Carillon_V1_PluginLogLine {
  init(_ line: PluginLogLine) {
    self.init()
    time = Google_Protobuf_Timestamp(line.at)
    level = line.level.rawValue
    instance = line.instance
    message = line.message
    fields = line.fields
  }
}

extension PluginLogLine {
  /// A line of the agent's log that is about a plugin.
  public init(_ entry: LogEntry) {
    self.init(
      at: entry.at, level: entry.level, instance: entry.fields["instance"] ?? "", message: entry.message,
      fields: entry.fields.filter { $0.key != "plugin" && $0.key != "instance" })
  }
}
