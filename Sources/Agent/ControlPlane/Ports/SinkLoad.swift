public import EventModel

/// How a sink is doing at this agent.
public struct SinkLoad: Hashable, Sendable {
  /// The sink's namespace.
  public var namespace: String
  /// Its name.
  public var sink: String
  /// Sends under way.
  public var inFlight: Int
  /// Deliveries that are due and wait for it.
  public var waiting: Int
  /// Sends under way for over a second.
  public var slow: Int
  /// `closed`, `open` or `half-open`.
  public var circuit: String
  /// How long until the circuit lets a probe through; nil when it is not open.
  public var reopensIn: TimeSpan?
  /// Endpoints in use, or with something against them.
  public var endpoints: Int
  /// Endpoints whose circuit is not closed.
  public var openEndpoints: Int
  /// Users whose address was given up.
  public var goneEndpoints: Int

  /// Makes a load.
  public init(
    namespace: String, sink: String, inFlight: Int = 0, waiting: Int = 0, slow: Int = 0, circuit: String = "closed",
    reopensIn: TimeSpan? = nil, endpoints: Int = 0, openEndpoints: Int = 0, goneEndpoints: Int = 0
  ) {
    self.namespace = namespace
    self.sink = sink
    self.inFlight = inFlight
    self.waiting = waiting
    self.slow = slow
    self.circuit = circuit
    self.reopensIn = reopensIn
    self.endpoints = endpoints
    self.openEndpoints = openEndpoints
    self.goneEndpoints = goneEndpoints
  }
}
