import ControlAPI
import EventModel

/// Finds where an event would go.
struct RouteTest {
  let source: any RouteSource
  let namespace: String
  /// Milliseconds since 1970.
  let now: Int64

  func run(_ given: TestedEvent) async throws(CtlError) -> RouteOutcome {
    var event = given
    let isSchedulePaused = try await fill(&event)
    guard !event.eventType.isEmpty else { throw .invalid("eventType", "is missing") }
    let person = try await person(event)
    if event.queue.isEmpty { event.queue = Queue.standardName(eventType: event.eventType) }
    let queue = try await source.queue(event.queue)
    if queue == nil, source.isWhole { throw CtlError(.notFound, "there is no queue \(event.queue)") }
    let allowed = queue?.allowedSinks.map(ResourceName.id) ?? []
    var models: [Subscription] = []
    for message in try await source.subscriptions() {
      models.append(try Subscription(message, namespace: namespace))
    }
    // By id, byte by byte, as the stores order them: the first that names a sink decides.
    models.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    let verdicts = models.map { RouteVerdict($0, event, person, allowed: allowed) }
    let scene = RouteScene(
      event: event, person: person, queue: queue, isSchedulePaused: isSchedulePaused, due: event.due ?? now)
    return RouteOutcome(
      event: event, person: person, verdicts: verdicts, targets: try await targets(verdicts, scene))
  }

  private func targets(_ verdicts: [RouteVerdict], _ scene: RouteScene) async throws(CtlError) -> [RouteTarget] {
    var targets: [RouteTarget] = []
    for verdict in verdicts where verdict.refusal == nil {
      let subscription = verdict.subscription
      guard !targets.contains(where: { $0.sink == subscription.sink }) else { continue }
      let sink = try await source.sink(subscription.sink)
      targets.append(scene.target(subscription, sink, isGone: sink == nil && source.isWhole))
    }
    return targets
  }

  /// Takes from the schedule what the file does not say. Answers whether it is paused.
  private func fill(_ event: inout TestedEvent) async throws(CtlError) -> Bool? {
    guard !event.schedule.isEmpty, let schedule = try await source.schedule(event.schedule) else { return nil }
    if event.eventType.isEmpty { event.eventType = schedule.eventType }
    if event.queue.isEmpty, !schedule.queue.isEmpty { event.queue = ResourceName.id(schedule.queue) }
    if event.timeZone.isEmpty { event.timeZone = schedule.timeZone }
    if event.definition == nil { event.definition = try Printer.json(schedule.definition) }
    if case .none = event.person, !schedule.user.isEmpty { event.person = .named(schedule.user) }
    return schedule.state == .paused
  }

  private func person(_ event: TestedEvent) async throws(CtlError) -> TestedPerson? {
    switch event.person {
    case .none: return nil
    case .described(let person): return person
    case .named(let name):
      if let user = try await source.user(name) { return TestedPerson(user) }
      throw CtlError(
        source.isWhole ? .notFound : .invalidArgument, "nothing is known of the user \(ResourceName.id(name))",
        hint: "describe the user in the event: {\"user\": {\"id\": \"ada\", \"locale\": \"de\"}}")
    }
  }
}
