import DequeModule
import EventModel

/// The heart: what is loaded, what is due, what is under way, what waits to be recorded. Pure: it reads no clock and does
/// no I/O; each call is a step of the state machine, and `takeActions` says what is to be done.
struct DispatchCore: Sendable {
  /// One delivery that waits for room at its sink.
  struct Send: Sendable {
    var row: RowHandle
    var endpoint: String
    /// Since when it waits, on the clock that never jumps.
    var since: TimeSpan
  }

  /// A queue with what it holds in memory. Its index never changes.
  struct QueueState: Sendable {
    var queue: Queue
    var wheel = TimerWheel<RowHandle>()
    var lanes: [SinkNumber: Deque<Send>] = [:]
    var rate: TokenBucket?
    /// Open rows in memory.
    var loaded = 0
    /// Sends that wait in lanes.
    var waiting = 0
    /// Which lane goes first; turns, so that none waits for the others.
    var turn = 0
  }

  /// A sink with what is known of it.
  struct SinkState: Sendable {
    var sink: Sink
    var book: CapacityBook
    var breaker: CircuitBreaker
    var rate: TokenBucket?
    /// What is known of its endpoints, where it sends to each user's own address.
    var endpoints = EndpointTable()
    /// Users whose address is gone, with the digest of that address.
    var gone: [String: Int64] = [:]
    /// Deliveries in memory that wait for it.
    var waiting = 0
    /// Sends that count as slow.
    var slow = 0
    /// Answers in a row that say that its own address is wrong.
    var faults = 0

    init(_ sink: Sink) {
      self.sink = sink
      book = CapacityBook(total: 0, shares: [])
      breaker = CircuitBreaker(rules: Self.breakerRules(sink))
    }

    var hasEndpoints: Bool { sink.addressKind != nil }

    /// One bad endpoint of many says nothing of the sink: its circuit opens only when all calls fail.
    static func breakerRules(_ sink: Sink) -> BreakerRules {
      var rules = sink.limits.breaker
      if sink.addressKind != nil, rules.failurePercent > 0 { rules.failurePercent = 100 }
      return rules
    }
  }

  var buckets = BucketTable()
  var flights = FlightTable()
  var outbox = Outbox()
  var queues: [QueueState] = []
  /// Queue indices, the highest priority first.
  var order: [Int] = []
  var indexByName: [String: Int] = [:]
  var sinks: [SinkNumber: SinkState] = [:]
  var routers: [Int64: Router] = [:]
  var capacity = CapacityBook(total: Int(Queue.maximumInFlight), shares: [])
  var slow = 0
  var liveAgents = 1
  var isDraining = false
  /// A person's order to start nothing more.
  var stop: StopOrder?
  var renewalBegan: TimeSpan?
  /// The epoch under which everything here is owned; nil while there is no lease.
  var epoch: Int64?
  var lastGate: SendGate.Reason? = .lease
  var nextSweep = TimeSpan.zero
  var nextClean = TimeSpan.zero
  var actions = Actions()
  /// Deferrals that this turn may still make: each becomes a receipt and a row.
  var deferralsLeft = 0
  let random: @Sendable () -> Double
  let quietEnd: QuietEnd
  let renewalCountsFor: TimeSpan
  let pace: Pace

  /// What somebody has to do now.
  struct Actions: Sendable {
    var chunks: [SendChunk] = []
    var cancels: [SinkNumber: [UInt64]] = [:]
    var disables: [(sink: SinkNumber, reason: String)] = []
    var goneEndpoints: [GoneEndpoint] = []
    var notes: [(sink: SinkNumber, kind: DomainEvent.Kind, detail: String)] = []
    var giveBack: [BucketID] = []
    var events: [PipelineEvent] = []
    var settled: [PipelineEvent.Settled] = []
  }

  /// When quiet hours that an instant is in end, in a zone; nil when it is in none.
  typealias QuietEnd = @Sendable (QuietHours, _ timeZone: String, _ now: Timestamp) -> Timestamp?

  init(
    random: @escaping @Sendable () -> Double, quietEnd: @escaping QuietEnd = { _, _, _ in nil },
    renewalCountsFor: TimeSpan = Limits.renewalCountsFor, pace: Pace = .real
  ) {
    self.random = random
    self.quietEnd = quietEnd
    self.renewalCountsFor = renewalCountsFor
    self.pace = pace
  }

  /// Takes what is to be done; the next call answers only what came after.
  mutating func takeActions() -> Actions {
    defer { actions = Actions() }
    if !actions.settled.isEmpty {
      actions.events.append(.settled(actions.settled))
      actions.settled = []
    }
    return actions
  }

  /// Whether sends may start.
  var gate: SendGate {
    SendGate(
      renewalBegan: renewalBegan, unrecorded: outbox.count, oldestUnrecorded: outbox.oldest,
      countsFor: renewalCountsFor)
  }

  /// Open rows in memory.
  var loaded: Int { queues.reduce(0) { $0 + $1.loaded } }
}

/// Sends to one sink from one queue, to be rendered and handed over together.
struct SendChunk: Sendable {
  /// One of them.
  struct Item: Sendable {
    var id: UInt64
    var event: LoadedEvent
    var endpoint: String
  }

  var sink: Sink
  var queue: Queue
  var items: [Item]
}
