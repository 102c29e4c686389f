import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Configured instances of sink plugins. What their schema marks writeOnly never leaves in an answer.
struct SinksService: Carillon_V1_Sinks.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a sink stand in a request.
  private static let path = FieldPath("sink", renamed: ["name": "sink_id", "namespace": "parent"])

  func createSink(request: Carillon_V1_CreateSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    let namespace = try ResourceName.namespace(request.parent)
    let name = ResourceName(kind: .sink, namespace: namespace, id: request.sinkID)
    let sink = try await draft(request.sink, name: name)
    let made = try await environment.create(
      .putSink(sink, .absent), request, about: name, path: Self.path, context: context)
    guard !request.validateOnly else { return try await shown(sink) }
    return try await made.answer(try await shown(sink), stored)
  }

  func getSink(request: Carillon_V1_GetSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    let name = try ResourceName(request.name, kind: .sink, field: "name")
    guard let sink = try await existing(name) else { throw try await missing(name) }
    return try await shown(sink)
  }

  func listSinks(
    request: Carillon_V1_ListSinksRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSinksResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try ListFilter<Carillon_V1_Sink>(request.filter)
    let listing = ["sinks", namespace, request.filter]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let loads = await self.loads()
    let page = try await environment.listed(asked, filter) { request in
      try await environment.page(request) { try await store.sinks(namespace: namespace, page: $0) }
    } show: {
      try await shown($0, loads)
    }
    return .with {
      $0.sinks = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateSink(request: Carillon_V1_UpdateSinkRequest, context: ServerContext) async throws -> Carillon_V1_Sink {
    let name = try ResourceName(request.sink.name, kind: .sink, field: "sink.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_Sink.maskFields)
    let etag = request.sink.etag
    return try await environment.retryingConflicts(etag: etag) {
      let old = try await existing(name)
      if old == nil, !request.allowMissing || !etag.isEmpty { throw try await missing(name) }
      let sink: Sink
      if let old {
        sink = try await changed(old, request.sink, mask: mask)
      } else {
        sink = try await draft(request.sink, name: name)
      }
      let condition = try Etag.precondition(
        etag, otherwise: old.map { .revision($0.revision) } ?? .absent, name: name)
      return try await put(sink, condition, name: name, dryRun: request.validateOnly, context: context)
    }
  }

  func deleteSink(
    request: Carillon_V1_DeleteSinkRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .sink, field: "name")
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteSink(namespace: name.namespace, name: name.id, condition), about: name, dryRun: false, context: context)
    return Google_Protobuf_Empty()
  }

  func testSink(request: Carillon_V1_TestSinkRequest, context: ServerContext) async throws -> Carillon_V1_Event {
    let name = try ResourceName(request.name, kind: .sink, field: "name")
    guard let sink = try await existing(name) else { throw try await missing(name) }
    return try await SinkTest(environment: environment).run(request, sink)
  }

  func listGoneEndpoints(
    request: Carillon_V1_ListGoneEndpointsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListGoneEndpointsResponse {
    let name = try ResourceName(request.name, kind: .sink, field: "name")
    let listing = ["gone-endpoints", name.namespace, name.id]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.naming(name) {
      try await store.goneEndpoints(namespace: name.namespace, sink: name.id, page: asked)
    }
    return .with {
      $0.endpoints = page.items.map { endpoint in
        .with {
          $0.user = ResourceName(kind: .user, namespace: name.namespace, id: endpoint.userID).text
          $0.reason = endpoint.reason
          if let since = endpoint.since { $0.since = Google_Protobuf_Timestamp(since) }
        }
      }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func enableEndpoint(
    request: Carillon_V1_EnableEndpointRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .sink, field: "name")
    let user = try ResourceName.id(request.user, kind: .user, in: name.namespace, field: "user")
    _ = try await environment.commit(
      .enableEndpoint(namespace: name.namespace, sink: name.id, user: user), about: name, dryRun: false,
      context: context)
    return Google_Protobuf_Empty()
  }
}

extension SinksService {
  private func draft(_ message: Carillon_V1_Sink, name: ResourceName) async throws -> Sink {
    var violations = Violations()
    let sink = Sink(
      message, namespace: name.namespace, name: name.id, path: Self.path, violations: &violations)
    try await check(sink, configuration: true, &violations)
    return sink
  }

  /// An existing sink, changed and checked. Its configuration is looked at only when the update changes it: so that a
  /// sink whose plugin is gone can still be disabled.
  private func changed(_ old: Sink, _ message: Carillon_V1_Sink, mask: FieldMask) async throws -> Sink {
    var message = message
    if mask.has("configuration") {
      message.configuration = StructJSON.restoring(
        message.configuration, shown: try await shownConfiguration(old),
        old: try StructJSON.document(of: old.configurationJSON))
    }
    var violations = Violations()
    var sink = old
    sink.apply(message, mask: mask, path: Self.path, violations: &violations)
    try await check(sink, configuration: sink.configurationJSON != old.configurationJSON, &violations)
    return sink
  }

  private func check(_ sink: Sink, configuration: Bool, _ violations: inout Violations) async throws {
    violations.collect(under: Self.path) { () throws(ModelError) in try sink.check() }
    if configuration {
      let known = await environment.plugins.sinkPlugins()
      if known.contains(sink.plugin) {
        do throws(ModelError) {
          try await environment.plugins.validateSinkConfiguration(plugin: sink.plugin, json: sink.configurationJSON)
        } catch {
          violations.keep(error, under: FieldPath("sink.configuration"))
        }
      } else {
        violations.add("sink.plugin", Environment.unknown("sink plugin", sink.plugin, known: known))
      }
    }
    try violations.check()
  }

  private func existing(_ name: ResourceName) async throws -> Sink? {
    try await ifFound { () throws(StoreError) in
      try await store.sink(namespace: name.namespace, name: name.id)
    }
  }

  /// That there is no such sink, and which there are.
  private func missing(_ name: ResourceName) async throws -> GoogleStatus {
    let known = try await store.sinks(
      namespace: name.namespace, page: PageRequest(size: Environment.shownNames)
    ).items.map(\.name)
    let hint = known.isEmpty ? "; there are none" : "; there are: " + known.joined(separator: ", ")
    return Failure.notFound(name, hint: hint)
  }

  private func put(
    _ sink: Sink, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_Sink {
    _ = try await environment.commit(
      .putSink(sink, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    return dryRun ? try await shown(sink) : try await stored(name)
  }

  private func stored(_ name: ResourceName) async throws -> Carillon_V1_Sink {
    try await environment.naming(name) {
      try await shown(try await store.sink(namespace: name.namespace, name: name.id))
    }
  }

  private func shown(_ sink: Sink) async throws -> Carillon_V1_Sink { try await shown(sink, await loads()) }

  private func shown(_ sink: Sink, _ loads: [LoadKey: SinkLoad]) async throws -> Carillon_V1_Sink {
    var message = Carillon_V1_Sink(sink, shownConfiguration: try await shownConfiguration(sink))
    if let load = loads[LoadKey(namespace: sink.namespace, sink: sink.name)] { message.status = .init(load) }
    return message
  }

  private struct LoadKey: Hashable {
    var namespace: String
    var sink: String
  }

  /// How the sinks are doing at this agent.
  private func loads() async -> [LoadKey: SinkLoad] {
    let sinks = await environment.pipeline.status().sinks
    return Dictionary(
      sinks.map { (LoadKey(namespace: $0.namespace, sink: $0.sink), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func shownConfiguration(_ sink: Sink) async throws -> Google_Protobuf_Struct {
    try StructJSON.document(
      of: await environment.plugins.redactedConfiguration(plugin: sink.plugin, json: sink.configurationJSON))
  }
}
