import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeSinks: Carillon_V1_Sinks.SimpleServiceProtocol {
  let agent: FakeAgent

  func createSink(request: Carillon_V1_CreateSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    try agent.begin(request)
    guard ["webhook", "discord", "email"].contains(request.sink.plugin) else {
      throw FakeAgent.invalid("sink.plugin", "no such plugin")
    }
    var sink = request.sink
    sink.name = "\(request.parent)/sinks/\(request.sinkID)"
    sink.etag = "first"
    let created = sink
    agent.with { if !request.validateOnly { $0.sinks[created.name] = created } }
    return created
  }

  func getSink(request: Carillon_V1_GetSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    try agent.begin(request)
    return try agent.with { state in
      guard let sink = state.sinks[request.name] else { throw FakeAgent.notFound(request.name) }
      return sink
    }
  }

  func listSinks(
    request: Carillon_V1_ListSinksRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSinksResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.sinks = state.sinks.values.sorted { $0.name < $1.name } } }
  }

  func updateSink(request: Carillon_V1_UpdateSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    try agent.begin(request)
    return try agent.with { state in
      guard let current = state.sinks[request.sink.name] else { throw FakeAgent.notFound(request.sink.name) }
      guard request.sink.etag.isEmpty || request.sink.etag == current.etag else {
        throw GoogleRPCStatus(code: .aborted, message: "the sink has changed", details: [])
      }
      var next = current
      if request.updateMask.paths.contains("configuration") { next.configuration = request.sink.configuration }
      if request.updateMask.paths.contains("max_in_flight") { next.maxInFlight = request.sink.maxInFlight }
      if request.updateMask.paths.contains("disabled_reason") { next.disabledReason = request.sink.disabledReason }
      if next != current {
        state.revision += 1
        next.etag = "r\(state.revision)"
      }
      if !request.validateOnly { state.sinks[next.name] = next }
      return next
    }
  }

  func deleteSink(
    request: Carillon_V1_DeleteSinkRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    agent.with { $0.sinks[request.name] = nil }
    return .init()
  }

  func testSink(request: Carillon_V1_TestSinkRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return try agent.with { state in
      guard state.sinks[request.name] != nil else { throw FakeAgent.notFound(request.name) }
      let event = Carillon_V1_Event.with {
        $0.name = "namespaces/default/events/evt_1_test"
        $0.eventType = "notification"
        $0.state = .completed
        $0.test = true
      }
      state.events[event.name] = event
      return event
    }
  }

  func listGoneEndpoints(
    request: Carillon_V1_ListGoneEndpointsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListGoneEndpointsResponse {
    try agent.begin(request)
    return .with {
      $0.endpoints = [
        .with {
          $0.user = "namespaces/default/users/ada"
          $0.reason = "http-410"
          $0.since = .init(seconds: 1_780_000_000)
        }
      ]
    }
  }

  func enableEndpoint(
    request: Carillon_V1_EnableEndpointRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return .init()
  }
}

struct FakeSubscriptions: Carillon_V1_Subscriptions.SimpleServiceProtocol {
  let agent: FakeAgent

  func createSubscription(
    request: Carillon_V1_CreateSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    try agent.begin(request)
    var subscription = request.subscription
    subscription.name = "\(request.parent)/subscriptions/\(request.subscriptionID)"
    let created = subscription
    return try agent.with { state in
      guard state.sinks[created.sink] != nil else { throw FakeAgent.invalid("subscription.sink", "does not exist") }
      if !request.validateOnly { state.subscriptions[created.name] = created }
      return created
    }
  }

  func getSubscription(
    request: Carillon_V1_GetSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    try agent.begin(request)
    return try agent.with { state in
      guard let found = state.subscriptions[request.name] else { throw FakeAgent.notFound(request.name) }
      return found
    }
  }

  func listSubscriptions(
    request: Carillon_V1_ListSubscriptionsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSubscriptionsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.subscriptions = state.subscriptions.values.sorted { $0.name < $1.name } } }
  }

  func updateSubscription(
    request: Carillon_V1_UpdateSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    try agent.begin(request)
    return try agent.with { state in
      guard var next = state.subscriptions[request.subscription.name] else {
        throw FakeAgent.notFound(request.subscription.name)
      }
      if request.updateMask.paths.contains("filter") { next.filter = request.subscription.filter }
      if request.updateMask.paths.contains("event_type") { next.eventType = request.subscription.eventType }
      state.subscriptions[next.name] = next
      return next
    }
  }

  func deleteSubscription(
    request: Carillon_V1_DeleteSubscriptionRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    agent.with { $0.subscriptions[request.name] = nil }
    return .init()
  }
}
