import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeUsers: Carillon_V1_Users.SimpleServiceProtocol {
  let agent: FakeAgent

  func createUser(request: Carillon_V1_CreateUserRequest, context: ServerContext) async throws -> Carillon_V1_User {
    try agent.begin(request)
    var user = request.user
    user.name = "\(request.parent)/users/\(request.userID)"
    let created = user
    return try agent.with { state in
      guard state.users[created.name] == nil else {
        throw GoogleRPCStatus(code: .alreadyExists, message: "\(created.name) exists already", details: [])
      }
      if !request.validateOnly { state.users[created.name] = created }
      return created
    }
  }

  func getUser(request: Carillon_V1_GetUserRequest, context: ServerContext) async throws -> Carillon_V1_User {
    try agent.begin(request)
    return try agent.with { state in
      guard let user = state.users[request.name] else { throw FakeAgent.notFound(request.name) }
      return user
    }
  }

  func listUsers(
    request: Carillon_V1_ListUsersRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListUsersResponse {
    try agent.begin(request)
    return agent.with { state in
      let all = state.users.values.filter { $0.name.hasPrefix(request.parent + "/") }.sorted { $0.name < $1.name }
      let start = Int(request.pageToken) ?? 0
      // A server may answer less than was asked for.
      let page = all.dropFirst(start).prefix(min(Int(request.pageSize), 3))
      return .with {
        $0.users = Array(page)
        $0.nextPageToken = start + page.count < all.count ? String(start + page.count) : ""
      }
    }
  }

  func updateUser(request: Carillon_V1_UpdateUserRequest, context: ServerContext) async throws -> Carillon_V1_User {
    try agent.begin(request)
    return try agent.with { state in
      guard let current = state.users[request.user.name] else { throw FakeAgent.notFound(request.user.name) }
      var next = current
      for path in request.updateMask.paths {
        switch path {
        case "display_name": next.displayName = request.user.displayName
        case "time_zone": next.timeZone = request.user.timeZone
        case "dates.birth": next.dates["birth"] = request.user.dates["birth"]
        case "dates": next.dates = request.user.dates
        case "paused": next.paused = request.user.paused
        default: throw FakeAgent.invalid("update_mask", "unknown path \(path)")
        }
      }
      if next != current {
        state.revision += 1
        next.etag = "r\(state.revision)"
      }
      if !request.validateOnly { state.users[next.name] = next }
      return next
    }
  }

  func deleteUser(
    request: Carillon_V1_DeleteUserRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return try agent.with { state in
      guard state.users.removeValue(forKey: request.name) != nil else { throw FakeAgent.notFound(request.name) }
      return .init()
    }
  }

  func importUsers(
    request: RPCAsyncSequence<Carillon_V1_ImportUsersRequest, any Error>,
    response: RPCWriter<Carillon_V1_ImportUsersResponse>, context: ServerContext
  ) async throws {
    var isDryRun: Bool?
    for try await message in request {
      try agent.begin(message)
      let dry = isDryRun ?? message.validateOnly
      isDryRun = dry
      try await response.write(.with { $0.results = message.items.map { take($0, isDryRun: dry) } })
    }
  }

  private func take(_ item: Carillon_V1_ImportItem, isDryRun: Bool) -> Carillon_V1_ImportResult {
    agent.with { state in
      .with { result in
        result.tag = item.tag
        if state.refusedUsers.contains(item.user.name.split(separator: "/").last.map(String.init) ?? "") {
          result.violations = [
            .with {
              $0.field = "user.time_zone"
              $0.description_p = "no such zone"
            }
          ]
          return
        }
        let current = state.users[item.user.name]
        result.effect = current == nil ? .created : current == item.user ? .unchanged : .updated
        guard !isDryRun else { return }
        state.users[item.user.name] = item.user
        for schedule in item.schedules { state.schedules[schedule.name] = schedule }
      }
    }
  }
}

struct FakeSchedules: Carillon_V1_Schedules.SimpleServiceProtocol {
  let agent: FakeAgent

  func createSchedule(
    request: Carillon_V1_CreateScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    var schedule = request.schedule
    schedule.name = "\(request.parent)/schedules/\(request.scheduleID)"
    let created = schedule
    agent.with { if !request.validateOnly { $0.schedules[created.name] = created } }
    return created
  }

  func getSchedule(
    request: Carillon_V1_GetScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    return try agent.with { state in
      guard let schedule = state.schedules[request.name] else { throw FakeAgent.notFound(request.name) }
      return schedule
    }
  }

  func listSchedules(
    request: Carillon_V1_ListSchedulesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSchedulesResponse {
    try agent.begin(request)
    return agent.with { state in
      .with { $0.schedules = state.schedules.values.sorted { $0.name < $1.name } }
    }
  }

  func updateSchedule(
    request: Carillon_V1_UpdateScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    return try agent.with { state in
      guard var next = state.schedules[request.schedule.name] else { throw FakeAgent.notFound(request.schedule.name) }
      if request.updateMask.paths.contains("state") { next.state = request.schedule.state }
      if request.updateMask.paths.contains("definition") { next.definition = request.schedule.definition }
      state.schedules[next.name] = next
      return next
    }
  }

  func deleteSchedule(
    request: Carillon_V1_DeleteScheduleRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    agent.with { $0.schedules[request.name] = nil }
    return .init()
  }

  func listUpcoming(
    request: Carillon_V1_ListUpcomingRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListUpcomingResponse {
    try agent.begin(request)
    return .with {
      $0.upcoming = [
        .with {
          $0.schedule = "namespaces/default/schedules/birthday-ada"
          $0.user = "namespaces/default/users/ada"
          $0.displayName = "Ada"
          $0.eventType = "birthday"
          $0.dueTime = .init(seconds: 1_780_300_800)
          $0.timeZone = "Europe/London"
          $0.localTime = "2026-06-01T09:00:00"
        }
      ]
    }
  }
}

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
    try await response.write(contentsOf: agent.with { $0.receipts })
  }

  func verifyLedger(
    request: Carillon_V1_VerifyLedgerRequest, context: ServerContext
  ) async throws -> Carillon_V1_VerifyLedgerResponse {
    try agent.begin(request)
    return agent.with { $0.ledger }
  }
}

struct FakeSinks: Carillon_V1_Sinks.SimpleServiceProtocol {
  let agent: FakeAgent

  func createSink(request: Carillon_V1_CreateSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    try agent.begin(request)
    guard request.sink.plugin == "webhook" else { throw FakeAgent.invalid("sink.plugin", "no such plugin") }
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

struct FakeQueues: Carillon_V1_Queues.SimpleServiceProtocol {
  let agent: FakeAgent

  private func change(_ name: String, _ body: (inout Carillon_V1_Queue) -> Void) throws -> Carillon_V1_Queue {
    try agent.with { state in
      guard var queue = state.queues[name] else { throw FakeAgent.notFound(name) }
      body(&queue)
      state.queues[name] = queue
      return queue
    }
  }

  func createQueue(
    request: Carillon_V1_CreateQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    var queue = request.queue
    queue.name = "queues/\(request.queueID)"
    let created = queue
    agent.with { $0.queues[created.name] = created }
    return created
  }

  func getQueue(request: Carillon_V1_GetQueueRequest, context: ServerContext) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    return try change(request.name) { _ in }
  }

  func listQueues(
    request: Carillon_V1_ListQueuesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListQueuesResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.queues = state.queues.values.sorted { $0.priority > $1.priority } } }
  }

  func updateQueue(
    request: Carillon_V1_UpdateQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    return try change(request.queue.name) { queue in
      if request.updateMask.paths.contains("retry.attempts") { queue.retry.attempts = request.queue.retry.attempts }
      if request.updateMask.paths.contains("weight") { queue.weight = request.queue.weight }
    }
  }

  func deleteQueue(
    request: Carillon_V1_DeleteQueueRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    agent.with { $0.queues[request.name] = nil }
    return .init()
  }

  func pauseQueue(request: Carillon_V1_PauseQueueRequest, context: ServerContext) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    return try change(request.name) { $0.paused = true }
  }

  func resumeQueue(
    request: Carillon_V1_ResumeQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    return try change(request.name) { $0.paused = false }
  }
}

struct FakePlugins: Carillon_V1_Plugins.SimpleServiceProtocol {
  let agent: FakeAgent

  func getPlugin(request: Carillon_V1_GetPluginRequest, context: ServerContext) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try agent.with { state in
      guard let plugin = state.plugins.first(where: { $0.name == request.name }) else {
        throw FakeAgent.notFound(request.name)
      }
      return plugin
    }
  }

  func listPlugins(
    request: Carillon_V1_ListPluginsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListPluginsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.plugins = state.plugins } }
  }
}

struct FakeAgents: Carillon_V1_Agents.SimpleServiceProtocol {
  let agent: FakeAgent

  func listAgents(
    request: Carillon_V1_ListAgentsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListAgentsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.agents = [state.status.agent] } }
  }

  func getStatus(
    request: Carillon_V1_GetStatusRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    return agent.with { $0.status }
  }

  func drainAgent(
    request: Carillon_V1_DrainAgentRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    return agent.with {
      $0.status.draining = true
      return $0.status
    }
  }

  func resumeAgent(
    request: Carillon_V1_ResumeAgentRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    return agent.with {
      $0.status.draining = false
      return $0.status
    }
  }
}
