public import EventModel

/// The pipeline's settings. What a queue or a sink says of itself is in the store, not here.
public struct PipelineConfiguration: Sendable {
  /// The agent's identity, from its state directory or configuration.
  public var agentName: String
  /// The program's version, for the list of agents.
  public var version: String
  /// How far ahead events are planned; 1 minute to 30 days.
  public var horizon: TimeSpan
  /// How long a lease runs without renewal; at least 2 s.
  public var lease: TimeSpan
  /// The most events in memory.
  public var maximumLoaded: Int
  /// How long a shutdown waits for what is in flight.
  public var drainTimeout: TimeSpan
  /// Shards to claim first.
  public var preferred: ShardPreference
  /// How long history is kept.
  public var keepHistory: TimeSpan
  /// How long dead letters are kept.
  public var keepDeadLetters: TimeSpan
  /// Whether the time of day is corrected by the store's clock. Off only where the clock is a test's own.
  public var correctsClock: Bool
  /// Draws a number in 0..<1, for jitter.
  public var random: @Sendable () -> Double

  /// Makes settings.
  public init(
    agentName: String, version: String = "", horizon: TimeSpan = .hours(2), lease: TimeSpan = .seconds(10),
    maximumLoaded: Int = 120_000, drainTimeout: TimeSpan = .seconds(20), preferred: ShardPreference = .none,
    keepHistory: TimeSpan = .hours(60 * 24), keepDeadLetters: TimeSpan = .hours(14 * 24), correctsClock: Bool = true,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.agentName = agentName
    self.version = version
    self.horizon = min(max(horizon, .minutes(1)), Limits.longestHorizon)
    self.lease = max(lease, Limits.shortestLease)
    self.maximumLoaded = max(maximumLoaded, Limits.fewestLoaded)
    self.drainTimeout = max(drainTimeout, .zero)
    self.preferred = preferred
    self.keepHistory = keepHistory
    self.keepDeadLetters = keepDeadLetters
    self.correctsClock = correctsClock
    self.random = random
  }

  /// How often the lease is renewed.
  var renewEvery: TimeSpan { min(Limits.renewEvery, TimeSpan(microseconds: lease.microseconds / 4)) }
  /// How long after a renewal began sends may start.
  var renewalCountsFor: TimeSpan { min(Limits.renewalCountsFor, TimeSpan(microseconds: lease.microseconds / 2)) }
}

/// The pipeline's fixed numbers.
enum Limits {
  /// The shortest lease: it is renewed four times while it runs, and a store that takes longer loses it.
  static let shortestLease = TimeSpan.seconds(2)
  /// Below one bucket a claim could not be held.
  static let fewestLoaded = 4_000

  /// How often a lease is renewed; one under 4 s, in a quarter of its time.
  static let renewEvery = TimeSpan.seconds(1)
  /// No send starts when the last successful renewal began longer ago than this, or than half of the lease.
  static let renewalCountsFor = TimeSpan.seconds(2)
  /// No send starts while more outcomes than this wait to be recorded.
  static let mostUnrecorded = 2_000
  /// No send starts while an outcome waits longer than this to be recorded.
  static let longestUnrecorded = TimeSpan.seconds(1)
  /// A clock this far from the store's means not ready.
  static let largestClockOffset = TimeSpan.milliseconds(500)

  /// How often each loop looks again when nobody wakes it.
  static let pollEvery = TimeSpan.seconds(1)
  /// The least time between two looks that other agents asked for.
  static let wakeEvery = TimeSpan.milliseconds(50)
  /// Wait after the first fault of the store, doubled up to `longestFaultWait`.
  static let shortestFaultWait = TimeSpan.milliseconds(50)
  /// The longest wait after a fault of the store.
  static let longestFaultWait = TimeSpan.seconds(2)
  /// How often a claimer looks again while all that is free is left to others.
  static let contendedWait = TimeSpan.milliseconds(200)

  /// Receipts that are recorded at once without waiting for more.
  static let flushCount = 500
  /// How long a receipt waits for others.
  static let flushAfter = TimeSpan.milliseconds(50)
  /// The most receipts in one transaction: bounded in time as well as in number.
  static let mostReceiptsAtOnce = 2_000

  /// The most events of one claim; more follow by the next one. Small, so that the first sends start early.
  static let claimAtOnce = 20_000
  /// The most due events that one turn of the driver takes from one queue's wheel.
  static let fireAtOnce = 4_000
  /// The most sends that are rendered and handed over together.
  static let sendsPerChunk = 250
  /// The most deferrals that one turn makes of one lane.
  static let deferAtOnce = 500

  /// How long an event waits in memory for room at its sink before it is deferred.
  static let longestWaitForSink = TimeSpan.seconds(60)
  /// After its deadline and the cancel, an attempt has this long to complete.
  static let graceAfterDeadline = TimeSpan.seconds(2)
  /// A send counts against its queue for this long; a slower one counts as slow instead, so that hanging endpoints do
  /// not eat the places of the others.
  static let slowAfter = TimeSpan.seconds(1)
  /// The most slow sends, over all sinks.
  static let mostSlow = 4_000
  /// The most slow sends of one sink; more count against their queues for as long as they take.
  static let mostSlowOfSink = 2_000
  /// The longest rest of an endpoint after a send to it that hung and failed.
  static let longestEndpointRest = TimeSpan.seconds(15)
  /// How long an endpoint is remembered that has nothing under way and nothing against it.
  static let endpointRemembered = TimeSpan.minutes(1)
  /// How often deadlines and waits in memory are looked at.
  static let sweepEvery = TimeSpan.milliseconds(100)

  /// The longest part of a receipt's detail that is a sink's, in characters.
  static let longestDetail = 1_024

  /// First wait of a deferral for which nobody named one, doubled with each hop.
  static let deferBase = TimeSpan.seconds(5)
  /// The longest such wait.
  static let deferCap = TimeSpan.minutes(10)
  /// First wait for a person to help, while a sink or an endpoint is disabled; doubled with each hop.
  static let holdBase = TimeSpan.minutes(5)
  /// The longest such wait: so long after it is enabled again the last of what waited is sent.
  static let holdCap = TimeSpan.hours(1)

  /// Passes of the planner under way at the same time: while one commits, the other reads and reckons.
  static let planningLanes = 2
  /// While an import is under way one lane plans, and rests for so many times as long as each pass took.
  static let restsPerPass: Int64 = 3
  /// The longest such rest.
  static let longestRest = TimeSpan.seconds(3)
  /// Schedules planned in one pass.
  static let schedulesPerPass = 5_000
  /// Events that one commit of plans inserts.
  static let eventsPerCommit = 20_000
  /// Requests in one call of an event type.
  static let requestsPerCall = 1_000
  /// Occurrences of one schedule in one pass.
  static let occurrencesPerPass = 1_000
  /// Occurrences of one schedule in one re-plan, which goes on until nothing that is pending can come any more: more than
  /// one a minute over the longest horizon and the margin to both sides.
  static let occurrencesPerReplan = 50_000
  /// Answers of an event type, of up to 256 occurrences each, that one plan or preview reads.
  static let roundsPerSeries = 400
  /// Answers that a search for one occurrence reads: every minute of its 400 days.
  static let roundsPerSearch = 2_300
  /// How far ahead one occurrence is searched.
  static let longestSearch = TimeSpan.hours(400 * 24)
  /// The furthest that events are planned ahead.
  static let longestHorizon = TimeSpan.hours(30 * 24)
  /// Missed occurrences of one schedule and pass that are recorded one by one; one more sums up the rest.
  static let missedRecorded = 50
  /// How far a re-plan looks around what is pending: a person who moves shifts a local time by at most 26 hours.
  static let replanMargin = TimeSpan.hours(48)
  /// What was moved to longer ago than this is over, or than half of what history keeps: what history has dropped would
  /// be planned again.
  static let longestMovedAgo = TimeSpan.hours(30 * 24)
  /// First wait before an unplannable schedule is tried again, doubled up to `longestPlanWait`.
  static let shortestPlanWait = TimeSpan.seconds(30)
  /// The longest such wait.
  static let longestPlanWait = TimeSpan.hours(1)
  /// Schedules whose failures are counted for the backoff.
  static let failuresRemembered = 10_000

  /// One-offs in one group commit.
  static let submitAtOnce = 500
  /// One-offs that wait for a commit; more are refused.
  static let mostSubmissionsWaiting = 20_000

  /// How often expiry of rows that nobody owns is looked at.
  static let expireEvery = TimeSpan.seconds(30)
  /// How often retention runs.
  static let retainEvery = TimeSpan.hours(1)
  /// How often the zone files are looked at.
  static let zonesEvery = TimeSpan.minutes(5)
  /// Digests that one step makes events of.
  static let digestsAtOnce = 200
  /// The longest text of a digest, in bytes; of what goes beyond, titles alone are kept, and then the number.
  static let longestDigest = 128 * 1_024

  /// Routing revisions kept in memory.
  static let routingsKept = 16
}
