import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeDeadLetters: Carillon_V1_DeadLetters.SimpleServiceProtocol {
  let agent: FakeAgent

  func getDeadLetter(
    request: Carillon_V1_GetDeadLetterRequest, context: ServerContext
  ) async throws -> Carillon_V1_DeadLetter {
    try agent.begin(request)
    return try agent.with { state in
      guard let letter = state.deadLetters.first(where: { $0.name == request.name }) else {
        throw FakeAgent.notFound(request.name)
      }
      return letter
    }
  }

  func listDeadLetters(
    request: Carillon_V1_ListDeadLettersRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListDeadLettersResponse {
    try agent.begin(request)
    return agent.with { state in
      let all = state.deadLetters.filter { letter in
        (request.sink.isEmpty || letter.sink == request.sink) && (request.code.isEmpty || letter.code == request.code)
          && (request.user.isEmpty || letter.user == request.user)
          && (!request.hasDiedFrom || letter.dieTime.seconds >= request.diedFrom.seconds)
          && (!request.hasDiedBefore || letter.dieTime.seconds <= request.diedBefore.seconds)
      }
      let start = Int(request.pageToken) ?? 0
      let page = all.dropFirst(start).prefix(min(Int(request.pageSize), 2))
      return .with {
        $0.deadLetters = Array(page)
        $0.nextPageToken = start + page.count < all.count ? String(start + page.count) : ""
      }
    }
  }

  func replayDeadLetter(
    request: Carillon_V1_ReplayDeadLetterRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return try agent.with { state in
      let letter = try Self.take(request.name, from: &state)
      return .with {
        $0.name = letter.event
        $0.state = .pending
      }
    }
  }

  func discardDeadLetter(
    request: Carillon_V1_DiscardDeadLetterRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return try agent.with { state in
      _ = try Self.take(request.name, from: &state)
      return .init()
    }
  }

  private static func take(_ name: String, from state: inout FakeAgent.State) throws -> Carillon_V1_DeadLetter {
    guard let place = state.deadLetters.firstIndex(where: { $0.name == name }) else { throw FakeAgent.notFound(name) }
    guard !state.stuckLetters.contains(name) else { throw FakeAgent.conflict("the sink was deleted") }
    return state.deadLetters.remove(at: place)
  }
}
