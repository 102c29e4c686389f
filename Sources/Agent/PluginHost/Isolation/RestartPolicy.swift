/// When a plugin's process that died comes back. Pure: moments are nanoseconds of some clock.
public struct RestartPolicy: Hashable, Sendable {
  /// The wait after the first death; each further one within `window` doubles it.
  public var firstWait: Duration
  /// The longest wait.
  public var longestWait: Duration
  /// How long a death counts.
  public var window: Duration
  /// Deaths within `window` that put the plugin into quarantine.
  public var maximumDeaths: Int
  /// The first quarantine; each further one doubles it, unless a whole `longestQuarantine` went well in between.
  public var firstQuarantine: Duration
  /// The longest quarantine.
  public var longestQuarantine: Duration

  /// Makes a policy.
  public init(
    firstWait: Duration = .milliseconds(20), longestWait: Duration = .milliseconds(500),
    window: Duration = .seconds(60), maximumDeaths: Int = 10, firstQuarantine: Duration = .seconds(60),
    longestQuarantine: Duration = .seconds(3_600)
  ) {
    self.firstWait = firstWait
    self.longestWait = longestWait
    self.window = window
    self.maximumDeaths = max(1, maximumDeaths)
    self.firstQuarantine = firstQuarantine
    self.longestQuarantine = longestQuarantine
  }

  /// What the policy remembers.
  struct History: Hashable, Sendable {
    /// Deaths that still count.
    var deaths: [Int64] = []
    /// Quarantines that still count.
    var quarantines = 0
    var lastQuarantine: Int64?
  }

  /// What follows a death.
  enum Decision: Hashable, Sendable {
    /// Start again at this moment.
    case restart(at: Int64)
    /// Leave it alone until this moment.
    case quarantine(until: Int64)
  }

  /// Decides about a death.
  func decide(_ history: inout History, now: Int64) -> Decision {
    history.deaths.removeAll { now - $0 >= window.nanoseconds }
    history.deaths.append(now)
    guard history.deaths.count >= maximumDeaths else {
      let wait = Self.doubled(firstWait, history.deaths.count - 1, longestWait)
      return .restart(at: MonotonicClock.adding(wait, to: now))
    }
    if let last = history.lastQuarantine, now - last >= 2 * longestQuarantine.nanoseconds { history.quarantines = 0 }
    let length = Self.doubled(firstQuarantine, history.quarantines, longestQuarantine)
    history.deaths = []
    history.quarantines += 1
    history.lastQuarantine = now
    return .quarantine(until: MonotonicClock.adding(length, to: now))
  }

  private static func doubled(_ first: Duration, _ times: Int, _ longest: Duration) -> Int64 {
    let (value, overflow) = first.nanoseconds.multipliedReportingOverflow(by: 1 << Int64(min(times, 30)))
    return overflow ? longest.nanoseconds : min(value, longest.nanoseconds)
  }
}
