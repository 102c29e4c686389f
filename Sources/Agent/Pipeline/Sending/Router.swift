public import EventModel

/// Which sinks an event goes to: the subscriptions of one routing revision. Pure.
struct Router: Sendable {
  /// The revision that it was made of.
  let revision: Int64
  private let routes: [String: [Routing.Route]]
  private let hasQuietHours: Bool

  /// Makes a router of a routing.
  init(_ routing: Routing) {
    revision = routing.revision
    routes = Dictionary(grouping: routing.routes) { $0.subscription.namespace }
    hasQuietHours = routing.routes.contains { $0.subscription.quietHours != nil }
  }

  /// A sink that an event goes to, and how its subscription wants that.
  struct Target: Hashable, Sendable {
    var sink: SinkNumber
    var quietHours: QuietHours?
    var digest: DigestPlace?
  }

  /// The sinks that an event goes to, each once, in the order of the subscriptions: the first that names a sink decides
  /// how it gets the event.
  ///
  /// - Parameter allows: whether the event's queue lets it go to a sink (by name).
  func targets(of event: LoadedEvent, allows: (String) -> Bool) -> [Target] {
    guard let routes = routes[event.namespace] else { return [] }
    var targets: [Target] = []
    for route in routes where wants(route.subscription, event) && allows(route.subscription.sink) {
      if !targets.contains(where: { $0.sink == route.sink }) { targets.append(Target(route)) }
    }
    return targets
  }

  /// How a sink that an event goes to all the same gets it: a retry, or what waited.
  func target(of event: LoadedEvent, at sink: SinkNumber) -> Target {
    guard hasQuietHours,
      let route = routes[event.namespace]?.first(where: { $0.sink == sink && wants($0.subscription, event) })
    else { return Target(sink: sink) }
    return Target(sink: sink, quietHours: route.subscription.quietHours)
  }

  private func wants(_ subscription: Subscription, _ event: LoadedEvent) -> Bool {
    subscription.wants(eventType: event.eventType) { event.value(of: $0) }
  }
}

extension Router.Target {
  init(_ route: Routing.Route) {
    let subscription = route.subscription
    self.init(
      sink: route.sink, quietHours: subscription.quietHours,
      digest: subscription.digest.map { DigestPlace(subscription: subscription.id, rules: $0) })
  }
}

extension LoadedEvent {
  /// What it, or its person, has in a field of a condition.
  func value(of field: Condition.Field) -> String? {
    switch field {
    case .eventType: eventType
    case .schedule: scheduleID
    case .queue: queue
    case .key: identity.key
    case .test: isTest ? "true" : "false"
    case .definition(let name): FlatJSON.scalar(name, of: definitionJSON)
    default: user?.value(of: field)
    }
  }

  /// The zone whose night its person sleeps in.
  var quietZone: String { user.map(\.timeZone).flatMap { $0.isEmpty ? nil : $0 } ?? timeZone }
}

extension UserSnapshot: ConditionPerson {
  /// See ``ConditionPerson``.
  public func attribute(_ name: String) -> String? { FlatJSON.value(name, in: attributesJSON) }
  /// See ``ConditionPerson``.
  public func address(_ kind: String) -> String? { FlatJSON.value(kind, in: addressesJSON) }
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
    let address = event.user?.address(kind)
    if let address, !address.isEmpty { self = .personal(address) } else { self = .missing }
  }
}
