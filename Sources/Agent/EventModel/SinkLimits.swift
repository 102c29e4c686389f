/// What a sink may be sent beside its ``Sink/maximumInFlight``, and what each of its endpoints may be.
///
/// An endpoint is one address behind a sink that sends to each user's own. Everything counts in one agent, but rates, which
/// are the fleet's and divided by the live agents.
public struct SinkLimits: Hashable, Sendable, Codable {
  /// The most deliveries that wait in memory for room; what comes beyond is deferred, and loses no attempt.
  public var maximumWaiting: Int32
  /// Sends a second; nil: unlimited.
  public var ratePerSecond: Double?
  /// When nothing is sent to it for a while.
  public var breaker: BreakerRules
  /// The same for each endpoint.
  public var endpoint: EndpointLimits
  /// So many answers in a row that say that the address is wrong (401, 403, 404) disable it; 0: none do. It is the sink
  /// that is disabled where it has the only address, else the endpoint.
  public var disableAfter: Int32

  /// Makes limits.
  public init(
    maximumWaiting: Int32 = Self.standardWaiting, ratePerSecond: Double? = nil, breaker: BreakerRules = BreakerRules(),
    endpoint: EndpointLimits = EndpointLimits(), disableAfter: Int32 = Self.standardDisableAfter
  ) {
    self.maximumWaiting = maximumWaiting
    self.ratePerSecond = ratePerSecond
    self.breaker = breaker
    self.endpoint = endpoint
    self.disableAfter = disableAfter
  }

  /// As much as an agent holds in memory: a whole time zone's burst waits, and is not deferred.
  public static let standardWaiting: Int32 = 120_000
  /// One answer may be an accident; ten in a row with no success between them are not.
  public static let standardDisableAfter: Int32 = 10
  /// The most that any limit of waiting deliveries can be.
  public static let mostWaiting: Int32 = 1_000_000
  /// The highest rate.
  public static let highestRate = 1_000_000.0

  /// Checks every limit; the fields' names are those of the API.
  func check(_ faults: inout Faults) {
    faults.require(
      (1...Self.mostWaiting).contains(maximumWaiting), "limits.max_waiting", "must be 1 to \(Self.mostWaiting)")
    faults.require(Self.isRate(ratePerSecond), "limits.rate_per_second", "must be over 0 and at most 1000000")
    faults.require((0...1_000).contains(disableAfter), "limits.disable_after", "must be 0 to 1000")
    breaker.check("limits.breaker", &faults)
    endpoint.check("limits.endpoint", &faults)
  }

  static func isRate(_ rate: Double?) -> Bool { rate.map { $0 > 0 && $0 <= highestRate } ?? true }
}

/// What each endpoint of a sink may be sent.
public struct EndpointLimits: Hashable, Sendable, Codable {
  /// The most sends under way to it. One that has not answered yet gets a single one, and twice as many with each success.
  public var maximumInFlight: Int32
  /// The most deliveries that wait for it; what comes beyond is deferred.
  public var maximumWaiting: Int32
  /// Sends a second; nil: unlimited.
  public var ratePerSecond: Double?
  /// When nothing is sent to it for a while.
  public var breaker: BreakerRules

  /// Makes limits.
  public init(
    maximumInFlight: Int32 = Self.standardInFlight, maximumWaiting: Int32 = Self.standardWaiting,
    ratePerSecond: Double? = nil, breaker: BreakerRules = BreakerRules()
  ) {
    self.maximumInFlight = maximumInFlight
    self.maximumWaiting = maximumWaiting
    self.ratePerSecond = ratePerSecond
    self.breaker = breaker
  }

  /// As many connections as the webhook sink opens to one host.
  public static let standardInFlight: Int32 = 64
  /// Enough for an endpoint that serves many users.
  public static let standardWaiting: Int32 = 10_000

  func check(_ path: String, _ faults: inout Faults) {
    faults.require(
      (1...Queue.maximumInFlight).contains(maximumInFlight), "\(path).max_in_flight",
      "must be 1 to \(Queue.maximumInFlight)")
    faults.require(
      (1...SinkLimits.mostWaiting).contains(maximumWaiting), "\(path).max_waiting",
      "must be 1 to \(SinkLimits.mostWaiting)")
    faults.require(
      SinkLimits.isRate(ratePerSecond), "\(path).rate_per_second", "must be over 0 and at most 1000000")
    breaker.check("\(path).breaker", &faults)
  }
}

/// When a circuit opens, and for how long.
public struct BreakerRules: Hashable, Sendable, Codable {
  /// Calls of this long count.
  public var window: TimeSpan
  /// With fewer calls in the window it stays closed.
  public var fewestCalls: Int32
  /// It opens when so many of a hundred calls fail; 0: never.
  public var failurePercent: Int32
  /// How long it stays open before the first probe.
  public var firstWait: TimeSpan
  /// A failed probe doubles the wait, up to this.
  public var longestWait: TimeSpan

  /// Makes rules.
  public init(
    window: TimeSpan = .seconds(60), fewestCalls: Int32 = 20, failurePercent: Int32 = 50,
    firstWait: TimeSpan = .seconds(30), longestWait: TimeSpan = .minutes(10)
  ) {
    self.window = window
    self.fewestCalls = fewestCalls
    self.failurePercent = failurePercent
    self.firstWait = firstWait
    self.longestWait = longestWait
  }

  func check(_ path: String, _ faults: inout Faults) {
    faults.require(window >= .seconds(1) && window <= .hours(1), "\(path).window", "must be 1 s to 1 h")
    faults.require((1...10_000).contains(fewestCalls), "\(path).min_calls", "must be 1 to 10000")
    faults.require((0...100).contains(failurePercent), "\(path).failure_percent", "must be 0 to 100; 0: never opens")
    faults.require(
      firstWait >= .milliseconds(100) && firstWait <= .hours(24), "\(path).first_wait", "must be 0.1 s to 24 h")
    faults.require(
      longestWait >= firstWait && longestWait <= .hours(24), "\(path).longest_wait", "must be first_wait to 24 h")
  }
}
