import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// What is kept about a person, as users.proto describes it.
extension FakeUsers {
  func exportUser(
    request: Carillon_V1_ExportUserRequest, response: RPCWriter<Carillon_V1_ExportUserResponse>, context: ServerContext
  ) async throws {
    try agent.begin(request)
    let (user, records) = try agent.with { state in
      guard let user = state.users[request.name] else { throw FakeAgent.notFound(request.name) }
      return (user, state.records)
    }
    try await response.write(.with { $0.user = user })
    try await response.write(contentsOf: records)
  }

  func eraseUser(
    request: Carillon_V1_EraseUserRequest, context: ServerContext
  ) async throws -> Carillon_V1_EraseUserResponse {
    try agent.begin(request)
    return try agent.with { state in
      guard let user = state.users[request.name] else { throw FakeAgent.notFound(request.name) }
      guard request.etag.isEmpty || request.etag == user.etag else {
        throw GoogleRPCStatus(code: .aborted, message: "the user has changed", details: [])
      }
      if !request.validateOnly { state.users[request.name] = nil }
      return state.erasure
    }
  }
}

/// Stopping everything, as agents.proto describes it.
extension FakeAgents {
  func stopAll(
    request: Carillon_V1_StopAllRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    return agent.with { state in
      state.status.stop = .with {
        $0.time = .init(seconds: 1_780_000_000)
        $0.actor = "uid 0"
        $0.reason = request.reason
      }
      return state.status
    }
  }

  func resumeAll(
    request: Carillon_V1_ResumeAllRequest, context: ServerContext
  ) async throws -> Carillon_V1_AgentStatus {
    try agent.begin(request)
    return agent.with { state in
      state.status.clearStop()
      return state.status
    }
  }
}
