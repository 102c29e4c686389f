import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeQueues: Carillon_V1_Queues.SimpleServiceProtocol {
  let agent: FakeAgent

  func change(_ name: String, _ body: (inout Carillon_V1_Queue) -> Void) throws -> Carillon_V1_Queue {
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
    var queue = try change(request.name) { _ in }
    queue.status.inFlight = agent.inFlight(queue.status.inFlight)
    return queue
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
