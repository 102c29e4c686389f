import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakePlugins: Carillon_V1_Plugins.SimpleServiceProtocol {
  let agent: FakeAgent

  func getPlugin(request: Carillon_V1_GetPluginRequest, context: ServerContext) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try agent.with { state in
      guard let index = state.plugins.firstIndex(where: { $0.name == request.name }) else {
        throw FakeAgent.notFound(request.name)
      }
      if !state.trials.isEmpty { state.plugins[index].trial = state.trials.removeFirst() }
      return state.plugins[index]
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
    return agent.with { state in .with { $0.agents = [state.status.agent] + state.others } }
  }

  func listShards(
    request: Carillon_V1_ListShardsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListShardsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.shards = state.shards } }
  }

  func getStatus(
    request: Carillon_V1_GetStatusRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    var status = agent.with { $0.status }
    status.inFlight = agent.inFlight(status.inFlight)
    return status
  }

  func diagnose(
    request: Carillon_V1_DiagnoseRequest, context: ServerContext
  ) async throws -> Carillon_V1_DiagnoseResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.findings = state.findings } }
  }

  func drainAgent(
    request: Carillon_V1_DrainAgentRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    try await agent.drained()
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
