import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// Calls that change much and tell their progress.
extension FakeQueues {
  func drainQueue(request: Carillon_V1_DrainQueueRequest, context: ServerContext) async throws -> Carillon_V1_Queue {
    try agent.begin(request)
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
    try await response.write(contentsOf: agent.with { $0.queueChanges })
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

extension FakePlugins {
  func watchPlugins(
    request: Carillon_V1_WatchPluginsRequest, response: RPCWriter<Carillon_V1_WatchPluginsResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    try await response.write(.with { $0.plugins = agent.with { $0.plugins } })
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
