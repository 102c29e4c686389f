/// What stands behind a ``Host``: the agent in service, something of the author's own in a plugin's tests.
public protocol HostServices: Sendable {
  /// Whether lines of a level are written. Cheap.
  func isLogged(_ level: LogLevel) -> Bool
  /// Writes one line.
  func log(_ level: LogLevel, instance: String, message: String)
  /// Ends deliveries.
  func complete(_ completions: [Completion]) -> CompletionAnswer
  /// Resolves a reference to a secret.
  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret
  /// The instant of a local time, in nanoseconds since 1970-01-01T00:00:00Z.
  func instant(of civil: Civil, in timeZone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int64
  /// The local time of an instant.
  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil
  /// Defines a metric; answers its number.
  func define(_ definition: MetricDefinition) throws(PluginError) -> UInt64
  /// Adds to a counter, sets a gauge, or counts a value in a histogram; answers whether it was taken.
  func change(metric: UInt64, _ kind: MetricDefinition.Kind, by value: Double, labels: [String]) -> Bool
}

extension HostServices {
  /// Takes every metric, and shows it nowhere.
  public func define(_ definition: MetricDefinition) throws(PluginError) -> UInt64 { 0 }
  /// Takes every change, and shows it nowhere.
  public func change(metric: UInt64, _ kind: MetricDefinition.Kind, by value: Double, labels: [String]) -> Bool { true }
}

/// How much a line matters. The numbers are the ABI's.
public enum LogLevel: Int32, Sendable, Hashable, CaseIterable {
  /// For who looks for a fault.
  case debug = 1
  /// Worth knowing.
  case info = 2
  /// Something is off, and the work goes on.
  case warning = 3
  /// Something failed.
  case error = 4
}

/// What becomes of a local time that a zone skips. The numbers are the ABI's.
public enum GapPolicy: Int32, Sendable, Hashable, CaseIterable {
  /// 02:30 becomes 03:30.
  case shiftForward = 0
  /// The last instant before the gap.
  case before = 1
  /// None.
  case skip = 2
}

/// Which of two equal local times counts. The numbers are the ABI's.
public enum FoldPolicy: Int32, Sendable, Hashable, CaseIterable {
  /// The earlier one.
  case first = 0
  /// The later one.
  case second = 1
}
