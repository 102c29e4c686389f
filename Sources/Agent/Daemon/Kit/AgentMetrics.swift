import ControlPlane
import EventModel
import Pipeline
import Synchronization
import Telemetry

/// The agent's metrics, fed by what happens in the pipeline and at the API.
struct AgentMetrics: PipelineObserver, ControlPlaneObserver {
  private let plannedSchedules: Counter
  private let plannedEvents: Counter
  private let planFailures: Counter
  private let planSeconds: Histogram
  private let claimedBuckets: Counter
  private let claimedEvents: Counter
  private let lateness: Histogram
  private let outcomes: Counter
  private let sendSeconds: Histogram
  private let receipts: Counter
  private let fenced: Counter
  private let recordSeconds: Histogram
  private let storeFailures: Counter
  private let wordingFallbacks: Counter
  private let gateOpen: Gauge
  private let circuitState: Gauge
  private let endpointCircuits: Counter
  private let leaseHeld: Gauge
  private let apiCalls: Counter
  private let apiSeconds: Histogram
  private let totals = QueueTotals()
  /// Of who gets in.
  let access: AccessMetrics

  init(_ registry: MetricRegistry) {
    plannedSchedules = registry.counter("carillon_planned_schedules_total", "Schedules that the planner looked at.")
    plannedEvents = registry.counter("carillon_planned_events_total", "Events that the planner inserted.")
    planFailures = registry.counter("carillon_plan_failures_total", "Schedules that could not be planned, by pass.")
    planSeconds = registry.histogram(
      "carillon_plan_seconds", "Length of a planning pass.", bounds: Histogram.callBounds)
    claimedBuckets = registry.counter("carillon_claimed_buckets_total", "Buckets claimed.", labels: ["queue"])
    claimedEvents = registry.counter("carillon_claimed_events_total", "Events of claimed buckets.", labels: ["queue"])
    lateness = registry.histogram(
      "carillon_send_lateness_seconds", "How long after its due time a send began.", labels: ["queue"],
      bounds: Histogram.latenessBounds)
    outcomes = registry.counter(
      "carillon_outcomes_total", "Outcomes of attempts, by sink (empty when none was involved).",
      labels: ["queue", "sink", "outcome"])
    sendSeconds = registry.histogram(
      "carillon_send_seconds", "How long a send took, to its outcome.", labels: ["sink"], bounds: Histogram.callBounds)
    receipts = registry.counter("carillon_receipts_total", "Receipts made durable.")
    fenced = registry.counter("carillon_fenced_receipts_total", "Receipts refused because another owns the bucket.")
    recordSeconds = registry.histogram(
      "carillon_record_seconds", "Length of a transaction of receipts.", bounds: Histogram.callBounds)
    storeFailures = registry.counter(
      "carillon_store_failures_total", "Calls of the store that failed and are tried again.", labels: ["verb", "code"])
    wordingFallbacks = registry.counter(
      "carillon_wording_fallbacks_total", "Messages in words that are not in their reader's language.",
      labels: ["event_type"])
    gateOpen = registry.gauge("carillon_sends_allowed", "1 when sends may start, 0 when they may not.")
    circuitState = registry.gauge(
      "carillon_sink_circuit_state", "A sink's circuit: 0 closed, 1 half-open, 2 open.", labels: ["sink"])
    endpointCircuits = registry.counter(
      "carillon_endpoint_circuits_opened_total", "Circuits of single endpoints that opened.", labels: ["sink"])
    leaseHeld = registry.gauge("carillon_lease_held", "1 when this agent holds its lease.")
    apiCalls = registry.counter("carillon_api_calls_total", "Calls of the control API.", labels: ["method", "code"])
    apiSeconds = registry.histogram(
      "carillon_api_call_seconds", "How long a call of the control API took.", labels: ["method"],
      bounds: Histogram.callBounds)
    access = AccessMetrics(registry)
    registry.gauge("carillon_build_info", "Always 1; the version is a label.", labels: ["version"])
      .set(1, CarillonVersion.text)
  }

  func observe(_ event: PipelineEvent) {
    switch event {
    case .planned(let schedules, let events, let failed, let took):
      plannedSchedules.add(schedules)
      plannedEvents.add(events)
      planFailures.add(failed)
      planSeconds.observe(took.inSeconds)
    case .claimed(let queue, let buckets, let events):
      claimedBuckets.add(buckets, queue)
      claimedEvents.add(events, queue)
    case .started(let queue, _, let late):
      lateness.observe(late.map(\.inSeconds), [queue])
    case .settled(let settled):
      observe(settled)
    case .recorded(let count, let fencedCount, let took):
      receipts.add(count)
      fenced.add(fencedCount)
      recordSeconds.observe(took.inSeconds)
    case .storeFailed(let verb, let code):
      storeFailures.add(1, verb, code)
    case .wordingFallback(let eventType, let count):
      wordingFallbacks.add(count, eventType)
    case .gate(let closed):
      gateOpen.set(closed == nil ? 1 : 0)
    case .circuit(let sink, let state):
      circuitState.set(state == "open" ? 2 : state == "half-open" ? 1 : 0, sink)
    case .endpointCircuit(let sink, let state):
      if state == "open" { endpointCircuits.add(1, sink) }
    case .lease(let held, _):
      leaseHeld.set(held ? 1 : 0)
    }
  }

  func callEnded(method: String, code: String, duration: Duration) {
    apiCalls.add(1, method, code)
    apiSeconds.observe(TimeSpan(duration).inSeconds, method)
  }

  /// Deliveries and failures of a queue since the start.
  func totals(ofQueue queue: String) -> (delivered: Int, failed: Int) { totals.of(queue) }

  /// Groups a batch by its labels, so that each series is locked once.
  private func observe(_ settled: [PipelineEvent.Settled]) {
    struct Labels: Hashable {
      var queue: String
      var sink: String
      var outcome: Outcome
    }
    var counts: [Labels: Int] = [:]
    var seconds: [String: [Double]] = [:]
    for one in settled {
      counts[Labels(queue: one.queue, sink: one.sink, outcome: one.outcome), default: 0] += 1
      if let took = one.took { seconds[one.sink, default: []].append(took.inSeconds) }
    }
    for (labels, count) in counts {
      totals.add(count, labels.outcome, queue: labels.queue)
      outcomes.add(count, labels.queue, labels.sink, labels.outcome.rawValue)
    }
    for (sink, values) in seconds { sendSeconds.observe(values, [sink]) }
  }
}

/// Sums by queue, for `ctl agent status`.
final class QueueTotals: Sendable {
  private let sums = Mutex<[String: (delivered: Int, failed: Int)]>([:])

  func add(_ count: Int, _ outcome: Outcome, queue: String) {
    sums.withLock { sums in
      switch outcome {
      case .delivered: sums[queue, default: (0, 0)].delivered += count
      case .retry, .dead: sums[queue, default: (0, 0)].failed += count
      case .deferred, .merged, .cancelled, .expired, .skipped, .moved: break
      }
    }
  }

  func of(_ queue: String) -> (delivered: Int, failed: Int) {
    sums.withLock { $0[queue] ?? (0, 0) }
  }
}
