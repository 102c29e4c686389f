/// The subscriptions and sinks as they stood at one routing revision. Immutable: every owner of a bucket that was
/// stamped with this revision sees the same set of sinks.
public struct Routing: Sendable {
  /// The revision.
  public var revision: Int64
  /// Every subscription in force, with the number of its sink.
  public var routes: [Route]

  /// One subscription in force.
  public struct Route: Hashable, Sendable {
    /// The subscription.
    public var subscription: Subscription
    /// Its sink's number.
    public var sink: SinkNumber

    /// Makes a route.
    public init(subscription: Subscription, sink: SinkNumber) {
      self.subscription = subscription
      self.sink = sink
    }
  }

  /// Makes a routing.
  public init(revision: Int64, routes: [Route]) {
    self.revision = revision
    self.routes = routes
  }
}
