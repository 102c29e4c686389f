import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Priority queues and their limits.
struct QueuesService: Carillon_V1_Queues.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a queue stand in a request.
  private static let path = FieldPath("queue", renamed: ["name": "queue_id"])

  func createQueue(
    request: Carillon_V1_CreateQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    let model = try await store.queues().first { $0.name == Queue.normal.name } ?? .normal
    var violations = Violations()
    let queue = Queue(
      request.queue, name: request.queueID, model: model, path: Self.path, violations: &violations)
    try check(queue, &violations)
    let name = ResourceName(kind: .queue, id: queue.name)
    let made = try await environment.create(
      .putQueue(queue, .absent), request, about: name, path: Self.path, context: context)
    let draft = try await shown([queue]).first ?? Carillon_V1_Queue()
    guard !request.validateOnly else { return draft }
    return try await made.answer(draft) { try await shown([existing($0)]).first ?? Carillon_V1_Queue() }
  }

  func getQueue(request: Carillon_V1_GetQueueRequest, context: ServerContext) async throws -> Carillon_V1_Queue {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    return try await shown([existing(name)]).first ?? Carillon_V1_Queue()
  }

  func listQueues(
    request: Carillon_V1_ListQueuesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListQueuesResponse {
    let filter = try ListFilter<Carillon_V1_Queue>(request.filter)
    let listing = ["queues", request.filter]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let queues = try await shown(try await store.queues())
    let page = try PageToken.page(of: try queues.filter { try filter?.wants($0).isWanted ?? true }, asked)
    return .with {
      $0.queues = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateQueue(
    request: Carillon_V1_UpdateQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    let name = try ResourceName(request.queue.name, kind: .queue, field: "queue.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_Queue.maskFields + ["retry"])
    return try await change(name, etag: request.queue.etag, dryRun: request.validateOnly, context: context) {
      $0.apply(request.queue, mask: mask, path: Self.path, violations: &$1)
    }
  }

  func deleteQueue(
    request: Carillon_V1_DeleteQueueRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    var violations = Violations()
    let moveTo = violations.collect { () throws(ModelError) in try queueName(request.moveTo, field: "move_to") } ?? nil
    if moveTo == name.id { violations.add("move_to", "must be another queue") }
    try await environment.checkQueue(moveTo, field: "move_to", &violations)
    try violations.check()
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteQueue(name: name.id, moveTo: moveTo, condition), about: name, dryRun: false, context: context)
    return Google_Protobuf_Empty()
  }

  func pauseQueue(
    request: Carillon_V1_PauseQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    return try await change(name, etag: "", dryRun: false, context: context) { queue, _ in queue.paused = true }
  }

  func resumeQueue(
    request: Carillon_V1_ResumeQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    return try await change(name, etag: "", dryRun: false, context: context) { queue, _ in queue.paused = false }
  }
}

extension QueuesService {
  func change(
    _ name: ResourceName, etag: String, dryRun: Bool, context: ServerContext,
    _ body: (inout Queue, inout Violations) -> Void
  ) async throws -> Carillon_V1_Queue {
    try await environment.retryingConflicts(etag: etag) {
      var queue = try await existing(name)
      let condition = try Etag.precondition(etag, otherwise: .revision(queue.revision), name: name)
      var violations = Violations()
      body(&queue, &violations)
      try check(queue, &violations)
      return try await put(queue, condition, name: name, dryRun: dryRun, context: context)
    }
  }

  func existing(_ name: ResourceName) async throws -> Queue {
    let queues = try await store.queues()
    guard let queue = queues.first(where: { $0.name == name.id }) else {
      throw Failure.notFound(name, hint: "; there are: " + queues.map(\.name).joined(separator: ", "))
    }
    return queue
  }

  private func check(_ queue: Queue, _ violations: inout Violations) throws {
    violations.collect(under: Self.path) { () throws(ModelError) in try queue.check() }
    try violations.check()
  }

  private func put(
    _ queue: Queue, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    _ = try await environment.commit(
      .putQueue(queue, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    let stored = dryRun ? queue : try await existing(name)
    return try await shown([stored]).first ?? Carillon_V1_Queue()
  }

  func shown(_ queues: [Queue]) async throws -> [Carillon_V1_Queue] {
    let depths = try await store.queueDepths(now: environment.now())
    let loads = await environment.pipeline.status().queues
    return queues.map { queue in
      Carillon_V1_Queue(
        queue, depth: depths.first { $0.queue == queue.name },
        inFlight: loads.first { $0.queue == queue.name }?.inFlight ?? 0)
    }
  }
}
