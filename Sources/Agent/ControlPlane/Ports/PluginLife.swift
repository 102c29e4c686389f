public import EventModel

/// Where a plugin runs.
public enum PluginIsolation: String, Hashable, Sendable, CaseIterable {
  /// In the agent's own process.
  case inProcess = "in-process"
  /// In a process of its own.
  case process
}

/// The process that a plugin has for itself.
public struct PluginProcess: Hashable, Sendable {
  /// Its id; nil: it does not run.
  public var pid: Int?
  /// How often it was started anew since the plugin was loaded.
  public var restarts: Int
  /// How the last one ended: `signal 11 (SIGSEGV)`, `exit 3`, `killed: no answer for 30 s`; empty: none has.
  public var lastExit: String
  /// Until when it is not started; nil: it is not in quarantine.
  public var quarantinedUntil: Timestamp?
  /// Memory that it holds, in bytes; nil: not known.
  public var residentBytes: Int64?
  /// What the system enforces on it: `user`, `limits`, `no-new-privileges`, `capabilities`, `landlock`, `seccomp`.
  public var enforced: [String]

  /// Makes it.
  public init(
    pid: Int? = nil, restarts: Int = 0, lastExit: String = "", quarantinedUntil: Timestamp? = nil,
    residentBytes: Int64? = nil, enforced: [String] = []
  ) {
    self.pid = pid
    self.restarts = restarts
    self.lastExit = lastExit
    self.quarantinedUntil = quarantinedUntil
    self.residentBytes = residentBytes
    self.enforced = enforced
  }
}

/// How a new version does, compared with the one before.
public struct PluginTrial: Hashable, Sendable {
  /// How it stands.
  public enum State: Hashable, Sendable {
    /// It goes on.
    case running
    /// The new version stays.
    case passed
    /// The one before is in its place again; `reason` says why.
    case rolledBack
  }

  /// How it stands.
  public var state: State
  /// The version on trial.
  public var version: String
  /// When new work went to it first.
  public var startedAt: Timestamp
  /// When it ended; nil: it runs.
  public var endedAt: Timestamp?
  /// Deliveries so far.
  public var deliveries: Int
  /// Those of them that failed.
  public var failures: Int
  /// Deliveries that it takes at most.
  public var wantedDeliveries: Int
  /// The failed share of what the version before delivered: 0 to 1; nil: it delivered nothing to compare with.
  public var baselineFailureRate: Double?
  /// Why it was rolled back; empty when it was not.
  public var reason: String

  /// Makes it.
  public init(
    state: State, version: String, startedAt: Timestamp, endedAt: Timestamp? = nil, deliveries: Int = 0,
    failures: Int = 0, wantedDeliveries: Int = 0, baselineFailureRate: Double? = nil, reason: String = ""
  ) {
    self.state = state
    self.version = version
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.deliveries = deliveries
    self.failures = failures
    self.wantedDeliveries = wantedDeliveries
    self.baselineFailureRate = baselineFailureRate
    self.reason = reason
  }
}

/// What took a plugin out of use.
public enum PluginDisabler: Hashable, Sendable {
  /// A person, by ``PluginOperations/disable(_:reason:on:)``: until it is enabled, also when the agent starts anew.
  case call
  /// The configuration, or safe mode.
  case configuration
  /// Its calls over their limit.
  case faults
}

/// What the version in use did since it was loaded.
public struct PluginStatistics: Hashable, Sendable {
  /// Calls of its functions that returned; one for a whole batch.
  public var calls: Int64
  /// Those that failed; not those that refused what they were given, or had no room for it.
  public var callFailures: Int64
  /// Those that ran over their limit.
  public var timeouts: Int64
  /// Deliveries by their outcome: `delivered`, `throttled`, `endpoint-disabled` and so on.
  public var deliveries: [String: Int64]
  /// Half of its calls took at most this; nil: none has ended.
  public var callP50: Duration?
  /// 99 % of its calls took at most this; nil: none has ended.
  public var callP99: Duration?
  /// Calls over their limit since it was last enabled, the fourth of which disables it.
  public var strikes: Int

  /// Makes it.
  public init(
    calls: Int64 = 0, callFailures: Int64 = 0, timeouts: Int64 = 0, deliveries: [String: Int64] = [:],
    callP50: Duration? = nil, callP99: Duration? = nil, strikes: Int = 0
  ) {
    self.calls = calls
    self.callFailures = callFailures
    self.timeouts = timeouts
    self.deliveries = deliveries
    self.callP50 = callP50
    self.callP99 = callP99
    self.strikes = strikes
  }
}
