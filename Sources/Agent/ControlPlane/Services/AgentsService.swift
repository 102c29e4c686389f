import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// The agents of the store, and the state of the one that answers.
struct AgentsService: Carillon_V1_Agents.SimpleServiceProtocol {
  let environment: Environment

  func listAgents(
    request: Carillon_V1_ListAgentsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListAgentsResponse {
    let listing = ["agents"]
    let page = try PageToken.page(
      of: try await environment.store.agents(),
      PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing))
    return .with {
      $0.agents = page.items.map { Carillon_V1_Agent($0, now: environment.now()) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func listShards(
    request: Carillon_V1_ListShardsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListShardsResponse {
    let listing = ["shards"]
    let page = try PageToken.page(
      of: try await environment.store.shards(now: environment.now()),
      PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing))
    return .with {
      $0.shards = page.items.map { Carillon_V1_Shard($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func getStatus(
    request: Carillon_V1_GetStatusRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try await status()
  }

  func drainAgent(
    request: Carillon_V1_DrainAgentRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    let bound = try environment.drainTime(request.timeout, isPresent: request.hasTimeout)
    try await environment.pipeline.drain(within: TimeSpan(bound))
    return try await status()
  }

  func resumeAgent(
    request: Carillon_V1_ResumeAgentRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try await environment.pipeline.resume()
    return try await status()
  }

  func stopAll(
    request: Carillon_V1_StopAllRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    var violations = Violations()
    Environment.checkReason(request.reason, &violations)
    try violations.check()
    return try await order(.stopAll(reason: request.reason), context)
  }

  func resumeAll(
    request: Carillon_V1_ResumeAllRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try await order(.resumeAll, context)
  }

  func diagnose(
    request: Carillon_V1_DiagnoseRequest, context: ServerContext
  ) async throws -> Carillon_V1_DiagnoseResponse {
    let (status, store, now) = (await environment.pipeline.status(), environment.store, environment.now())
    let checkup = AgentCheckup(
      status: status, plugins: await environment.plugins.plugins(), zoneVersion: environment.zones.version,
      agents: try await store.agents(), stop: try await store.stopOrder(), now: now)
    let found = try await store.diagnose(horizon: status.horizon, now: now)
    let all = checkup.findings + environment.accessFindings + found
    return .with { $0.findings = all.map { Carillon_V1_Finding($0) } }
  }

  /// Makes an order durable, and answers when this agent acts by it; the others read it with their next renewal.
  private func order(_ change: Change, _ context: ServerContext) async throws -> Carillon_V1_AgentStatus {
    _ = try await environment.store.commit(
      [change], actor: environment.actor(context), dryRun: false, now: environment.now())
    do throws(StoreError) {
      try await environment.pipeline.refreshSettings()
    } catch {
      throw Failure.make(
        .unavailable, "NOT_READ_YET",
        "the order is durable, but this agent could not read it at once (\(error.message)): repeat the call")
    }
    return try await status()
  }

  private func status() async throws -> Carillon_V1_AgentStatus {
    let status = await environment.pipeline.status()
    let record = try await environment.store.agents().first { $0.name == status.agent }
    return Carillon_V1_AgentStatus(
      status, record: record, order: try await environment.store.stopOrder(), zoneVersion: environment.zones.version,
      now: environment.now())
  }
}
