import ControlAPI
import EventModel
import GRPCCore
import GRPCProtobuf
import Store
import SwiftProtobuf

/// A request that can be said again.
protocol RepeatableRequest: SwiftProtobuf.Message {
  /// The same one again answers the same again; empty: none.
  var requestID: String { get set }
  /// Only check it.
  var validateOnly: Bool { get set }
}

/// A request that creates something.
protocol CreationRequest: RepeatableRequest {}

extension Carillon_V1_CreateUserRequest: CreationRequest {}
extension Carillon_V1_CreateScheduleRequest: CreationRequest {}
extension Carillon_V1_CreateQueueRequest: CreationRequest {}
extension Carillon_V1_CreateSinkRequest: CreationRequest {}
extension Carillon_V1_CreateSubscriptionRequest: CreationRequest {}
extension Carillon_V1_CreateTemplateRequest: CreationRequest {}

/// What a create made, or had made when it was first called.
struct Created {
  let name: ResourceName
  /// Whether the same call was made before.
  let isRepeated: Bool

  /// What the caller is answered: what is there now; of a repeated call, whose thing may be gone, what it asked for.
  func answer<Value>(_ draft: Value, _ read: (ResourceName) async throws -> Value) async throws -> Value {
    do {
      return try await read(name)
    } catch let error as GoogleStatus where error.code == .notFound && isRepeated {
      return draft
    }
  }
}

extension Environment {
  /// Makes something new (google.aip.dev/133). With a request id the same call again, within a day, makes nothing
  /// (google.aip.dev/155).
  func create<Request: CreationRequest>(
    _ change: Change, _ request: Request, about name: ResourceName, path: FieldPath, context: ServerContext
  ) async throws -> Created {
    guard !request.requestID.isEmpty else {
      _ = try await commit(change, about: name, dryRun: request.validateOnly, path: path, context: context)
      return Created(name: name, isRepeated: false)
    }
    try Names.checkKey(request.requestID, field: "request_id")
    let id = RequestID(id: request.requestID, content: try Self.content(request))
    let creation = try await naming(name, path: path) {
      try await create(change, id, dryRun: request.validateOnly, context: context)
    }
    if !request.validateOnly, change.isOfSettings, !creation.isRepeated { await refreshSettings() }
    return Created(
      name: ResourceName(kind: name.kind, namespace: name.namespace, id: creation.id), isRepeated: creation.isRepeated)
  }

  /// Makes a change once for each request id.
  /// - Throws: REQUEST_ID_REUSED when another request had it.
  func create(_ change: Change, _ id: RequestID, dryRun: Bool, context: ServerContext) async throws -> Creation {
    do throws(StoreError) {
      return try await store.create(change, request: id, actor: actor(context), dryRun: dryRun, now: now())
    } catch {
      throw error.code == .conflict ? Failure.requestIDReused : error as any Error
    }
  }

  /// What is asked for, whichever id it comes with: bytes that are equal for equal wishes.
  static func content(_ request: some RepeatableRequest) throws -> [UInt8] {
    var wish = request
    wish.requestID = ""
    wish.validateOnly = false
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    return try wish.serializedBytes(options: options)
  }
}

extension Failure {
  /// Another call had the same request id.
  static var requestIDReused: GoogleStatus {
    make(
      .invalidArgument, "REQUEST_ID_REUSED", "request_id: it was used for another request within the last day",
      details: [
        .badRequest(violations: [.init(field: "request_id", description: "was used for another request")])
      ])
  }
}
