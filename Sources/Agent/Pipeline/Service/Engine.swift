import CivilTime
import EventModel
import Logging
import Store
import Synchronization

/// What all parts of a pipeline share: the store, the ports, the clocks, and the core under its lock.
final class Engine: Sendable {
  /// Wakes each loop.
  struct Signals: Sendable {
    let lease = Signal()
    /// One for each lane.
    let planners = (0..<Limits.planningLanes).map { _ in Signal() }
    let claimer = Signal()
    let driver = Signal()
    let recorder = Signal()
    let submitter = Signal()

    func kickPlanners() {
      for planner in planners { planner.kick() }
    }
  }

  let store: any Store
  let plugins: any PluginDirectory
  let zones: TimeZoneDatabase
  let clocks: PipelineClocks
  let configuration: PipelineConfiguration
  /// What of it may change meanwhile.
  let tuning: Mutex<PipelineTuning>
  let logger: Logger
  let observer: any PipelineObserver
  let signals = Signals()
  let core: Mutex<DispatchCore>
  /// The templates in force.
  let wordings = Mutex(WordingTable())
  /// By which rules plans were made.
  let zoneNotes: ZoneNotes
  /// Results of sinks that the driver has not taken yet.
  let inbox = Inbox()
  private let lease = Mutex<LeaseState>(LeaseState())
  /// What the store last said against a renewal or a record; for people.
  private let faults = Mutex<[StoreFault: String]>([:])
  /// Imports under way.
  let imports = Atomic<Int>(0)
  /// What the store's clock is ahead of this one.
  private let offsetMicroseconds = Atomic<Int64>(0)

  init(
    store: any Store, plugins: any PluginDirectory, zones: TimeZoneDatabase, clocks: PipelineClocks,
    configuration: PipelineConfiguration, logger: Logger, observer: any PipelineObserver
  ) {
    self.store = store
    self.plugins = PluginsAndTopics(plugins: plugins)
    self.zones = zones
    zoneNotes = ZoneNotes(store: store, zones: zones, logger: logger)
    self.clocks = clocks
    self.configuration = configuration
    tuning = Mutex(PipelineTuning(configuration))
    self.logger = logger
    self.observer = observer
    let quiet = QuietTime(zones: zones, logger: logger)
    self.core = Mutex(
      DispatchCore(
        random: configuration.random, quietEnd: { quiet.end(of: $0, in: $1, now: $2) },
        renewalCountsFor: configuration.renewalCountsFor, pace: clocks.pace))
  }

  /// Both clocks, the time of day corrected by the store's.
  func now() -> Moment {
    Moment(wall: clocks.pace.shown(at: clocks.wall.now() + clockOffset), elapsed: clocks.elapsed())
  }

  /// What the store's clock is ahead of this one.
  var clockOffset: TimeSpan {
    get { TimeSpan(microseconds: offsetMicroseconds.load(ordering: .relaxed)) }
    set { offsetMicroseconds.store(newValue.microseconds, ordering: .relaxed) }
  }

  /// Reads or changes where the lease stands.
  func withLease<Result>(_ body: (inout sending LeaseState) -> sending Result) -> sending Result {
    lease.withLock { body(&$0) }
  }

  /// The part of planning that falls to this agent; nil before it has its place among the others.
  var planningShare: PlanningShare? { lease.withLock { $0.planningShare } }

  /// The lease, while it is held.
  var heldLease: AgentLease? { lease.withLock { $0.lease } }

  /// Waits; returns early when the task is cancelled.
  func pause(_ time: TimeSpan) async {
    // A cancelled sleep is the end of the wait, not a fault.
    try? await clocks.sleep(time)
  }

  /// Takes step after step until cancelled: at once while there is more to do, else every second; longer while the store
  /// fails.
  /// - Parameter step: answers whether there is more.
  func work(_ verb: String, _ step: () async throws(StoreError) -> Bool) async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      do {
        let isMore = try await step()
        faults = FaultBackoff()
        if !isMore { await pause(Limits.pollEvery) }
      } catch {
        storeFailed(verb, error)
        await pause(faults.next())
      }
    }
  }

  /// Notes a fault of the store; its caller tries again.
  func storeFailed(_ verb: String, _ error: StoreError) {
    observer.observe(.storeFailed(verb: verb, code: error.code.rawValue))
    logger.warning("the store failed; trying again", metadata: ["verb": "\(verb)", "error": "\(error)"])
    // The keeper finds out what became of the lease, and opens another.
    if error.code == .fenced { signals.lease.kick() }
  }

  /// Notes what keeps sends from starting, or that it is over.
  func note(_ fault: StoreFault, _ message: String?) { faults.withLock { $0[fault] = message } }

  /// Why no send may start, in one sentence.
  func sentence(_ reason: SendGate.Reason) -> String {
    let fault: StoreFault = reason == .lease ? .lease : .record
    return faults.withLock { $0[fault] }.map { "\(reason.rawValue): \($0)" } ?? reason.rawValue
  }

  /// Wakes every loop.
  func kickAll() {
    for signal in [signals.lease, signals.claimer, signals.driver, signals.recorder] { signal.kick() }
    signals.kickPlanners()
  }
}

/// What the store's faults keep from being done.
enum StoreFault: Hashable, Sendable {
  /// The lease is not renewed.
  case lease
  /// Outcomes are not recorded.
  case record
}

/// Results as they come from the sinks' threads; the driver takes them in batches.
final class Inbox: Sendable {
  private let results = Mutex<[DeliveryResult]>([])

  /// Adds results; answers whether it was empty, so that the driver is woken once for many.
  func append(_ more: [DeliveryResult]) -> Bool {
    results.withLock { results in
      defer { results.append(contentsOf: more) }
      return results.isEmpty
    }
  }

  /// Takes all.
  func drain() -> [DeliveryResult] {
    results.withLock { results in
      guard !results.isEmpty else { return [] }
      defer { results = [] }
      return results
    }
  }
}
