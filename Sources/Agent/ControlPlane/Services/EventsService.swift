import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Events: occurrences within the planning horizon, and what became of them.
struct EventsService: Carillon_V1_Events.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  func createEvent(
    request: Carillon_V1_CreateEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    let oneOff = try await OneOffDraft(environment: environment).make(request)
    guard !request.validateOnly else { return environment.planned(oneOff, identity: nil) }
    return try await environment.submit(oneOff, path: FieldPath("", renamed: OneOffDraft.renamed))
  }

  func getEvent(request: Carillon_V1_GetEventRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    let (name, identity) = try Self.event(request.name)
    return try await environment.shownEvent(name, identity)
  }

  func listEvents(
    request: Carillon_V1_ListEventsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListEventsResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try Self.filter(request, namespace: namespace)
    let condition = try ListFilter<Carillon_V1_Event>(request.filter)
    let states = request.states.map { String($0.rawValue) }.sorted().joined(separator: ",")
    let listing = [
      "events", namespace, states, request.user, request.schedule, request.eventType,
      String(filter.dueFrom?.microseconds ?? 0), String(filter.dueBefore?.microseconds ?? 0), request.filter,
    ]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.listed(asked, condition) {
      try await store.events(namespace: namespace, filter: filter, page: $0)
    } show: {
      Carillon_V1_Event($0, zones: environment.zones)
    }
    return .with {
      $0.events = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func cancelEvent(
    request: Carillon_V1_CancelEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    let (name, identity) = try Self.event(request.name)
    guard request.reason.utf8.count <= Intervention.maximumReasonBytes else {
      throw Failure.invalid("reason", "must be at most \(Intervention.maximumReasonBytes) bytes")
    }
    return try await intervene(name, identity, asGood: [.cancelled], verb: "cancel") {
      try await store.cancel(
        identity, reason: request.reason, actor: environment.actor(context), now: environment.now())
    }
  }

  func moveEvent(
    request: Carillon_V1_MoveEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    let (name, identity) = try Self.event(request.name)
    var violations = Violations()
    let queue = violations.collect { () throws(ModelError) in try queueName(request.queue, field: "queue") } ?? nil
    try await environment.checkQueue(queue, field: "queue", &violations)
    let due = OneOffDraft.dueTime(
      request.dueTime, isPresent: request.hasDueTime, now: environment.now(), &violations)
    if due == nil, queue == nil, violations.isEmpty { violations.add("due_time", "is required, unless queue is set") }
    try violations.check()
    return try await intervene(name, identity, asGood: [], verb: "move") {
      try await store.move(
        identity, dueAt: due, queue: queue, actor: environment.actor(context), now: environment.now())
    }
  }

  func explainEvent(
    request: Carillon_V1_ExplainEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_ExplainEventResponse {
    let (name, identity) = try Self.event(request.name)
    return try await environment.naming(name) {
      let summary = try await store.event(namespace: name.namespace, identity: identity)
      let steps = try await store.history(namespace: name.namespace, identity: identity)
      return .with {
        $0.event = Carillon_V1_Event(summary, zones: environment.zones)
        $0.steps = History.steps(steps)
        $0.summary = History.summary(summary, steps) { environment.sentenceTime($0) }
      }
    }
  }

  func watchReceipts(
    request: Carillon_V1_WatchReceiptsRequest, response: RPCWriter<Carillon_V1_WatchReceiptsResponse>,
    context: ServerContext
  ) async throws {
    let namespace = try ResourceName.namespace(request.parent)
    try await environment.watching {
      try await ReceiptWatch(environment: environment, namespace: namespace, cancellation: context.cancellation)
        .run(from: request.cursor, into: response)
    }
  }

  func watchChanges(
    request: Carillon_V1_WatchChangesRequest, response: RPCWriter<Carillon_V1_WatchChangesResponse>,
    context: ServerContext
  ) async throws {
    let namespace = try ResourceName.namespace(request.parent)
    let kinds = try ChangeWatch.kinds(request.kinds)
    try await environment.watching {
      try await ChangeWatch(
        environment: environment, namespace: namespace, kinds: kinds, cancellation: context.cancellation
      ).run(from: request.cursor, into: response)
    }
  }

  func verifyLedger(
    request: Carillon_V1_VerifyLedgerRequest, context: ServerContext
  ) async throws -> Carillon_V1_VerifyLedgerResponse {
    var violations = Violations()
    let from = violations.collect { () throws(ModelError) in try Timestamp(request.from, field: "from") }
    let to = violations.collect { () throws(ModelError) in
      request.hasTo ? try Timestamp(request.to, field: "to") : environment.now()
    }
    if let from, let to, from > to { violations.add("from", "must not be after to") }
    try violations.check()
    guard let from, let to else { throw Failure.invalid("from", "cannot be read") }
    let check = try await store.check(from: from, to: to)
    return .with {
      $0.rows = Int64(check.rows)
      $0.closedOnce = Int64(check.closedOnce)
      $0.open = Int64(check.open)
      $0.lost = Int64(check.lost)
      $0.closedTwice = Int64(check.closedTwice)
      for (outcome, count) in check.outcomes { $0.outcomes[outcome.rawValue] = Int64(count) }
    }
  }
}

extension EventsService {
  private static func event(_ text: String) throws -> (ResourceName, EventIdentity) {
    let name = try ResourceName(text, kind: .event, field: "name")
    guard let identity = EventIdentity(text: name.id) else { throw Failure.invalid("name", "is no event id") }
    return (name, identity)
  }

  /// Cancels or moves, once it is sure that the event is in the namespace that its name says.
  private func intervene(
    _ name: ResourceName, _ identity: EventIdentity, asGood: Set<Outcome>, verb: String,
    _ ask: () async throws -> InterventionResult
  ) async throws -> Carillon_V1_Event {
    try await environment.naming(name) {
      _ = try await store.event(namespace: name.namespace, identity: identity)
      let result = try await ask()
      try await Intervention(environment: environment, name: name, verb: verb, asGood: asGood).settle(result)
    }
    return try await environment.shownEvent(name, identity)
  }

  private static func filter(
    _ request: Carillon_V1_ListEventsRequest, namespace: String
  ) throws(ModelError) -> EventFilter {
    var violations = Violations()
    var filter = EventFilter()
    if request.states.count > EventState.allCases.count {
      violations.add("states", "must be at most \(EventState.allCases.count)")
    } else {
      for state in request.states {
        if let state = violations.collect({ () throws(ModelError) in try EventState(state, field: "states") }) {
          filter.states.insert(state)
        }
      }
    }
    filter.userID =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
      } ?? nil
    filter.scheduleID =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.schedule, kind: .schedule, in: namespace, field: "schedule")
      } ?? nil
    filter.eventType = request.eventType.isEmpty ? nil : request.eventType
    if request.hasDueFrom {
      filter.dueFrom = violations.collect { () throws(ModelError) in try Timestamp(request.dueFrom, field: "due_from") }
    }
    if request.hasDueBefore {
      filter.dueBefore = violations.collect { () throws(ModelError) in
        try Timestamp(request.dueBefore, field: "due_before")
      }
    }
    try violations.check()
    return filter
  }
}

extension Environment {
  /// An instant for a sentence: RFC 3339 in UTC.
  func sentenceTime(_ instant: Timestamp) -> String {
    zones.localTime(of: Timestamp(seconds: instant.seconds), zone: "UTC").map { $0 + "Z" }
      ?? "\(instant.seconds) s after 1970"
  }
}
