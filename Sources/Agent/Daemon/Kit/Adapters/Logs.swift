import ControlPlane
import EventModel
import Logging
import Telemetry

/// The log's last lines, as the control plane wants them.
struct LogSourceAdapter: LogSource {
  let ring: LogRing
  /// Made when the agent starts: numbers of lines begin anew then.
  let run = String(UInt64.random(in: .min ... .max), radix: 36)

  var next: Int64 { ring.next }

  func entries(from number: Int64, limit: Int) -> [LogEntry] {
    ring.entries(from: number, limit: limit).map { LogEntry($0) }
  }

  func count(of plugin: String) -> Int64 { ring.count(of: plugin) }
}

extension LogEntry {
  /// A line of the ring.
  init(_ line: LogRing.Entry) {
    self.init(
      number: line.number, at: line.at, level: line.level, label: line.label, message: line.message,
      fields: line.fields, pluginNumber: line.pluginNumber)
  }
}
