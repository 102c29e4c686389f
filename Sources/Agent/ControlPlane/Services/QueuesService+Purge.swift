import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

extension QueuesService {
  func purgeQueue(
    request: Carillon_V1_PurgeQueueRequest, response: RPCWriter<Carillon_V1_BulkProgress>, context: ServerContext
  ) async throws {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    var violations = Violations()
    Environment.checkReason(request.reason, &violations)
    var dueBefore: Timestamp?
    if request.hasDueBefore {
      dueBefore = violations.collect { () throws(ModelError) in
        try Timestamp(request.dueBefore, field: "due_before")
      }
    }
    try violations.check()
    _ = try await existing(name)
    let actor = environment.actor(context)
    let before = dueBefore
    try await environment.naming(name) {
      try await BulkChange(environment: environment) { cursor, limit throws(StoreError) in
        try await environment.store.purge(
          queue: name.id, dueBefore: before, reason: request.reason, after: cursor, limit: limit, actor: actor,
          now: environment.now())
      }.run(context.cancellation, into: response)
    }
  }
}
