import ControlAPI
import GRPCCore

// To be replaced by the real ones.
extension FakeUsers {
  func exportUser(
    request: Carillon_V1_ExportUserRequest, response: RPCWriter<Carillon_V1_ExportUserResponse>, context: ServerContext
  ) async throws { throw RPCError(code: .unimplemented, message: "not yet") }
  func eraseUser(request: Carillon_V1_EraseUserRequest, context: ServerContext) async throws -> Carillon_V1_EraseUserResponse {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
}

extension FakeSchedules {
  func previewSchedule(request: Carillon_V1_PreviewScheduleRequest, context: ServerContext) async throws -> Carillon_V1_PreviewScheduleResponse {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
  func skipOccurrence(request: Carillon_V1_SkipOccurrenceRequest, context: ServerContext) async throws -> Carillon_V1_Schedule {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
  func moveOccurrence(request: Carillon_V1_MoveOccurrenceRequest, context: ServerContext) async throws -> Carillon_V1_Schedule {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
  func restoreOccurrence(request: Carillon_V1_RestoreOccurrenceRequest, context: ServerContext) async throws -> Carillon_V1_Schedule {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
  func runSchedule(request: Carillon_V1_RunScheduleRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
}

extension FakeAgents {
  func stopAll(request: Carillon_V1_StopAllRequest, context: ServerContext) async throws -> Carillon_V1_AgentStatus {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
  func resumeAll(request: Carillon_V1_ResumeAllRequest, context: ServerContext) async throws -> Carillon_V1_AgentStatus {
    throw RPCError(code: .unimplemented, message: "not yet")
  }
}
