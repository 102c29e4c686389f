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
        let users: [Carillon_V1_User?] = item.hasUser ? [state.users[item.user.name]] : []
        let isNew = (users.first ?? state.schedules[item.schedules.first?.name ?? ""].map { _ in .init() }) == nil
        let isSame =
          users.allSatisfy { $0 == item.user } && item.schedules.allSatisfy { state.schedules[$0.name] == $0 }
        result.effect = isNew ? .created : isSame ? .unchanged : .updated
        guard !isDryRun else { return }
        if item.hasUser { state.users[item.user.name] = item.user }
        for schedule in item.schedules { state.schedules[schedule.name] = schedule }
      }
    }
  }
}
