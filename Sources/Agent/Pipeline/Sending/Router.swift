import EventModel

/// Which sinks an event goes to: the subscriptions of one routing revision. Pure.
struct Router: Sendable {
  /// The revision that it was made of.
  let revision: Int64
  private let routes: [String: [Routing.Route]]

  /// Makes a router of a routing.
  init(_ routing: Routing) {
    revision = routing.revision
    routes = Dictionary(grouping: routing.routes) { $0.subscription.namespace }
  }

  /// The sinks that an event goes to, each once, in the order of the subscriptions.
  ///
  /// - Parameter allows: whether the event's queue lets it go to a sink (by name).
  func targets(of event: LoadedEvent, allows: (String) -> Bool) -> [SinkNumber] {
    guard let routes = routes[event.namespace] else { return [] }
    var targets: [SinkNumber] = []
    for route in routes where matches(route.subscription, event) && allows(route.subscription.sink) {
      if !targets.contains(route.sink) { targets.append(route.sink) }
    }
    return targets
  }

  private func matches(_ subscription: Subscription, _ event: LoadedEvent) -> Bool {
    subscription.wants(
      eventType: event.eventType, userID: event.user?.id, scheduleID: event.scheduleID, queue: event.queue
    ) { name in
      event.user.flatMap { FlatJSON.value(name, in: $0.attributesJSON) }
    }
  }
}

/// Where an event reaches a person through a sink.
enum Address: Hashable, Sendable {
  /// The sink's configuration has the only address.
  case configured
  /// The person's own.
  case personal(String)
  /// The person has none of the kind that the sink needs.
  case missing

  /// Finds it.
  init(of event: LoadedEvent, for sink: Sink) {
    guard let kind = sink.addressKind else {
      self = .configured
      return
    }
    let address = event.user.flatMap { FlatJSON.value(kind, in: $0.addressesJSON) }
    if let address, !address.isEmpty { self = .personal(address) } else { self = .missing }
  }
}
