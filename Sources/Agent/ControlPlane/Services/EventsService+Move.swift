import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

extension EventsService {
  func moveEvents(
    request: Carillon_V1_MoveEventsRequest, response: RPCWriter<Carillon_V1_BulkProgress>, context: ServerContext
  ) async throws {
    let namespace = try ResourceName.namespace(request.parent)
    var violations = Violations()
    let queue = violations.collect { () throws(ModelError) in try queueName(request.queue, field: "queue") } ?? nil
    if queue == nil, violations.isEmpty { violations.add("queue", "is required") }
    try await environment.checkQueue(queue, field: "queue", &violations)
    let filter = try await filter(request, namespace: namespace, &violations)
    if let queue, filter.fromQueue == queue { violations.add("from_queue", "must be another queue than queue") }
    Environment.checkReason(request.reason, &violations)
    try violations.check()
    guard let queue else { throw Failure.invalid("queue", "is required") }
    let actor = environment.actor(context)
    try await BulkChange(environment: environment) { cursor, limit throws(StoreError) in
      try await environment.store.moveEvents(
        filter, to: queue, reason: request.reason, after: cursor, limit: limit, actor: actor, now: environment.now())
    }.run(context.cancellation, into: response)
  }

  private func filter(
    _ request: Carillon_V1_MoveEventsRequest, namespace: String, _ violations: inout Violations
  ) async throws -> MoveFilter {
    var filter = MoveFilter(namespace: namespace)
    filter.fromQueue =
      violations.collect { () throws(ModelError) in try queueName(request.fromQueue, field: "from_queue") } ?? nil
    try await environment.checkQueue(filter.fromQueue, field: "from_queue", &violations)
    filter.eventType = request.eventType.isEmpty ? nil : request.eventType
    filter.scheduleID =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.schedule, kind: .schedule, in: namespace, field: "schedule")
      } ?? nil
    filter.userID =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
      } ?? nil
    if request.hasDueFrom {
      filter.dueFrom = violations.collect { () throws(ModelError) in try Timestamp(request.dueFrom, field: "due_from") }
    }
    if request.hasDueBefore {
      filter.dueBefore = violations.collect { () throws(ModelError) in
        try Timestamp(request.dueBefore, field: "due_before")
      }
    }
    return filter
  }
}
