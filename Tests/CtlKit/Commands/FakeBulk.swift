import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// Calls that change much and tell their progress.
extension FakeQueues {
  func drainQueue(request: Carillon_V1_DrainQueueRequest, context: ServerContext) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
    try await agent.drained()
    return try change(request.name) { $0.paused = true }
  }

  func purgeQueue(
    request: Carillon_V1_PurgeQueueRequest, response: RPCWriter<Carillon_V1_BulkProgress>, context: ServerContext
  ) async throws {
    try agent.begin(request)
    _ = try change(request.name) { $0.status = .init() }
    try await response.write(contentsOf: agent.with { $0.progress })
  }

  func watchQueues(
    request: Carillon_V1_WatchQueuesRequest, response: RPCWriter<Carillon_V1_WatchQueuesResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    let (answers, breaks) = agent.with { state in
      let all = state.queues.values.sorted { $0.name < $1.name }.map { queue in
        Carillon_V1_QueueChange.with { $0.queue = queue }
      }
      let first = Carillon_V1_WatchQueuesResponse.with { ($0.changes, $0.cursor) = (all, "0") }
      return state.answers([first] + state.queueChanges, after: request.cursor) { $0.cursor }
    }
    try await agent.tell(answers, breaks, response, context)
  }
}

extension FakeEvents {
  func moveEvents(
    request: Carillon_V1_MoveEventsRequest, response: RPCWriter<Carillon_V1_BulkProgress>, context: ServerContext
  ) async throws {
    try agent.begin(request)
    try await response.write(contentsOf: agent.with { $0.progress })
  }
}

extension FakeDeadLetters {
  func replayDeadLetters(
    request: Carillon_V1_ReplayDeadLettersRequest, response: RPCWriter<Carillon_V1_BulkProgress>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    let outcome = agent.with { state in
      var progress = Carillon_V1_BulkProgress()
      let chosen = state.deadLetters.filter {
        (request.sink.isEmpty || $0.sink == request.sink) && (request.code.isEmpty || $0.code == request.code)
          && (!request.hasDiedFrom || $0.dieTime.seconds >= request.diedFrom.seconds)
      }
      for letter in chosen {
        progress.matched += 1
        if state.stuckLetters.contains(letter.name) {
          progress.refused += 1
        } else {
          progress.changed += 1
          state.deadLetters.removeAll { $0.name == letter.name }
        }
      }
      progress.done = !state.endsEarly
      return progress
    }
    try await response.write(.with { $0.matched = outcome.matched })
    try await response.write(outcome)
  }
}

extension FakeAgent.State {
  /// What a watch from a cursor is told, and whether it breaks then.
  mutating func answers<Answer>(
    _ all: [Answer], after cursor: String, _ own: (Answer) -> String
  ) -> ([Answer], Bool) {
    defer { watchBreaksAfter = nil }
    let start = cursor.isEmpty ? 0 : all.firstIndex { own($0) == cursor }.map { $0 + 1 } ?? 0
    return (Array(all[start...].prefix(watchBreaksAfter ?? .max)), watchBreaksAfter != nil)
  }
}

extension FakeAgent {
  /// Answers a watch, and goes on as the test wants it to.
  func tell<Answer: Message & Sendable>(
    _ answers: [Answer], _ breaks: Bool, _ response: RPCWriter<Answer>, _ context: ServerContext
  ) async throws {
    // An agent always says something at once.
    try await response.write(contentsOf: answers.isEmpty && !breaks ? [Answer()] : answers)
    if breaks { throw RPCError(code: .unavailable, message: "the agent stops") }
    guard with({ $0.watchesStayOpen }) else { return }
    try await context.cancellation.cancelled
  }

  /// Waits until what is in flight was looked at often enough.
  func drained() async throws {
    while with({ $0.drainSteps.count > 1 }) { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// What is in flight at this look.
  func inFlight(_ usual: Int64) -> Int64 {
    with { state in
      guard let next = state.drainSteps.first else { return usual }
      if state.drainSteps.count > 1 { state.drainSteps.removeFirst() }
      return next
    }
  }
}

extension FakePlugins {
  func watchPlugins(
    request: Carillon_V1_WatchPluginsRequest, response: RPCWriter<Carillon_V1_WatchPluginsResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    let answers = agent.with { state in
      [.with { $0.plugins = state.plugins }]
        + state.removedPlugins.map { name in Carillon_V1_WatchPluginsResponse.with { $0.removed = [name] } }
    }
    try await agent.tell(answers, false, response, context)
  }
}

extension FakeAgents {
  func getStatistics(
    request: Carillon_V1_GetStatisticsRequest, context: ServerContext
  ) async throws -> Carillon_V1_Statistics {
    try agent.begin(request)
    return agent.with { state in
      var statistics = state.statistics
      (statistics.from, statistics.before) = (request.from, request.before)
      return statistics
    }
  }

  func readLogs(
    request: Carillon_V1_ReadLogsRequest, response: RPCWriter<Carillon_V1_ReadLogsResponse>, context: ServerContext
  ) async throws {
    try agent.begin(request)
    try await response.write(contentsOf: agent.with { $0.logs })
  }

  func reloadConfiguration(
    request: Carillon_V1_ReloadConfigurationRequest, context: ServerContext
  ) async throws -> Carillon_V1_ReloadConfigurationResponse {
    try agent.begin(request)
    return agent.with { $0.reload }
  }
}
