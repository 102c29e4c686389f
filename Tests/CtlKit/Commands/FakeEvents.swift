import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeEvents: Carillon_V1_Events.SimpleServiceProtocol {
  let agent: FakeAgent

  func createEvent(
    request: Carillon_V1_CreateEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    let event = Carillon_V1_Event.with {
      $0.name = "\(request.parent)/events/\(request.requestID)"
      $0.eventType = request.eventType
      $0.state = .pending
      $0.user = request.user
    }
    agent.with { $0.events[event.name] = event }
    return event
  }

  func getEvent(request: Carillon_V1_GetEventRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return try agent.with { state in
      guard var event = state.events[request.name] else { throw FakeAgent.notFound(request.name) }
      if !state.eventStates.isEmpty { event.state = state.eventStates.removeFirst() }
      state.events[request.name] = event
      return event
    }
  }

  func listEvents(
    request: Carillon_V1_ListEventsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListEventsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.events = state.events.values.sorted { $0.name < $1.name } } }
  }

  func cancelEvent(
    request: Carillon_V1_CancelEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return try agent.with { state in
      guard var event = state.events[request.name] else { throw FakeAgent.notFound(request.name) }
      event.state = .cancelled
      state.events[request.name] = event
      return event
    }
  }

  func moveEvent(request: Carillon_V1_MoveEventRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return .with {
      $0.name = request.name
      $0.queue = request.queue
      $0.dueTime = request.dueTime
    }
  }

  func explainEvent(
    request: Carillon_V1_ExplainEventRequest, context: ServerContext
  ) async throws -> Carillon_V1_ExplainEventResponse {
    try agent.begin(request)
    return try agent.with { state in
      guard let event = state.events[request.name] else { throw FakeAgent.notFound(request.name) }
      return .with {
        $0.event = event
        $0.steps = state.steps
        $0.summary = "Delivered at the second attempt."
      }
    }
  }

  func watchReceipts(
    request: Carillon_V1_WatchReceiptsRequest, response: RPCWriter<Carillon_V1_WatchReceiptsResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    let (answers, breaks) = agent.with { $0.answers($0.receipts, after: request.cursor) { $0.cursor } }
    try await agent.tell(answers, breaks, response, context)
  }

  /// The first watch breaks after what there is up to `changesBreakAfter`.
  func watchChanges(
    request: Carillon_V1_WatchChangesRequest, response: RPCWriter<Carillon_V1_WatchChangesResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    let (answers, breaks) = agent.with { state in
      defer { state.changesBreakAfter = nil }
      let start = state.changes.firstIndex { $0.cursor == request.cursor }.map { $0 + 1 } ?? 0
      return (state.changes[start...].prefix(state.changesBreakAfter ?? .max), state.changesBreakAfter != nil)
    }
    try await agent.tell(Array(answers), breaks, response, context)
  }

  func verifyLedger(
    request: Carillon_V1_VerifyLedgerRequest, context: ServerContext
  ) async throws -> Carillon_V1_VerifyLedgerResponse {
    try agent.begin(request)
    return agent.with { $0.ledger }
  }
}
