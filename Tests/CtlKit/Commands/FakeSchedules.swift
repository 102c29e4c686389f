import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

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
      guard request.schedule.etag.isEmpty || request.schedule.etag == next.etag else {
        throw GoogleRPCStatus(code: .aborted, message: "the schedule has changed", details: [])
      }
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
    return .with { answer in
      answer.upcoming = coming(request.parent).filter { upcoming in
        (request.eventType.isEmpty || upcoming.eventType == request.eventType)
          && upcoming.dueTime.seconds < request.until.seconds
      }
      answer.upcoming = Array(answer.upcoming.prefix(Int(request.limit)))
    }
  }
}
