import ControlAPI
import EventModel
import GRPCCore
import Store
import Synchronization

extension Carillon_V1_LoadPluginRequest: RepeatableRequest {}
extension Carillon_V1_ReloadPluginRequest: RepeatableRequest {}
extension Carillon_V1_RollBackPluginRequest: RepeatableRequest {}
extension Carillon_V1_DisablePluginRequest: RepeatableRequest {}
extension Carillon_V1_EnablePluginRequest: RepeatableRequest {}
extension Carillon_V1_UpdatePluginRequest: RepeatableRequest {}

/// How a call that changes a plugin came.
struct PluginCall: Sendable {
  let context: ServerContext
  /// Only check it.
  let dryRun: Bool
  /// Nil: each such call is one of its own.
  let id: RequestID?
}

/// Ids of requests that are being done: a second call waits for nothing, and does nothing.
final class UnderWay: Sendable {
  private let ids = Mutex<Set<String>>([])

  /// Whether nobody else does it; who began must ``end(_:)``.
  func begin(_ id: String) -> Bool { ids.withLock { $0.insert(id).inserted } }

  func end(_ id: String) { ids.withLock { _ = $0.remove(id) } }
}

extension PluginsService {
  /// Does what a request asks for, unless the same one did it before (google.aip.dev/155): then the plugin is answered as
  /// it is now. The agent's plugins are its own, and so are the ids: they count in this run of it.
  /// - Parameters:
  ///   - action: what is asked for.
  ///   - name: what it is asked of: a plugin, or a file.
  func once(
    _ request: some RepeatableRequest, _ action: PluginRecord.Action, _ name: ResourceName, _ context: ServerContext,
    _ body: (PluginCall) async throws -> Carillon_V1_Plugin
  ) async throws -> Carillon_V1_Plugin {
    _ = try operations()
    guard !request.requestID.isEmpty else {
      return try await body(PluginCall(context: context, dryRun: request.validateOnly, id: nil))
    }
    try Names.checkKey(request.requestID, field: "request_id")
    guard underWay.begin(request.requestID) else {
      throw Failure.plugin(
        PluginOperationError(.unavailable, "a request of this request_id is being done"), resource: name)
    }
    defer { underWay.end(request.requestID) }
    let call = PluginCall(context: context, dryRun: request.validateOnly, id: try requestID(request, action))
    let probe = PluginRecord(action: action, plugin: name.id, before: nil, after: .init())
    if let earlier = try await keep(probe, call, dryRun: true), earlier.isRepeated {
      return try Carillon_V1_Plugin(try await existing(ResourceName(kind: .plugin, id: earlier.id)))
    }
    return try await body(call)
  }

  /// Leaves a record; with a request id only once, whose first outcome it answers.
  func keep(_ record: PluginRecord, _ call: PluginCall, dryRun: Bool) async throws -> Creation? {
    guard let id = call.id else {
      _ = try await environment.store.commit(
        [.recordPlugin(record)], actor: environment.actor(call.context), dryRun: dryRun, now: environment.now())
      return nil
    }
    return try await environment.create(.recordPlugin(record), id, dryRun: dryRun, context: call.context)
  }

  /// Requests of two kinds may have the same bytes, so that the kind belongs to what is asked for.
  private func requestID(_ request: some RepeatableRequest, _ action: PluginRecord.Action) throws -> RequestID {
    RequestID(
      id: request.requestID, content: try Array("\(action.rawValue)\n".utf8) + Environment.content(request),
      scope: environment.log.run)
  }
}
