import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

extension PluginsService {
  func loadPlugin(
    request: Carillon_V1_LoadPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let draft = try PluginDrafts.load(request)
    let change = PluginChange(.load, ResourceName(kind: .plugin, id: draft.file), before: nil)
    return try await make(change, context) { operations throws(PluginOperationError) in
      try await operations.load(draft)
    }
  }

  func reloadPlugin(
    request: Carillon_V1_ReloadPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let draft = try PluginDrafts.reload(request)
    let change = try await change(.reload, ResourceName(kind: .plugin, id: draft.name))
    return try await make(change, context) { operations throws(PluginOperationError) in
      try await operations.reload(draft)
    }
  }

  func rollBackPlugin(
    request: Carillon_V1_RollBackPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let change = try await change(.rollBack, try ResourceName(request.name, kind: .plugin, field: "name"))
    return try await make(change, context) { operations throws(PluginOperationError) in
      try await operations.rollBack(change.name.id)
    }
  }

  func disablePlugin(
    request: Carillon_V1_DisablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    var violations = Violations()
    let name = violations.collect { () throws(ModelError) in
      try ResourceName(request.name, kind: .plugin, field: "name")
    }
    Environment.checkReason(request.reason, &violations)
    try violations.check()
    guard let name else { throw Failure.invalid("name", "cannot be read") }
    let change = try await change(.disable, name, reason: request.reason)
    return try await make(change, context) { operations throws(PluginOperationError) in
      try await operations.disable(name.id, reason: request.reason)
    }
  }

  func enablePlugin(
    request: Carillon_V1_EnablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let change = try await change(.enable, try ResourceName(request.name, kind: .plugin, field: "name"))
    return try await make(change, context) { operations throws(PluginOperationError) in
      try await operations.enable(change.name.id)
    }
  }

  func updatePlugin(
    request: Carillon_V1_UpdatePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let name = try ResourceName(request.plugin.name, kind: .plugin, field: "plugin.name")
    _ = try FieldMask(request.updateMask, isPresent: request.hasUpdateMask, fields: ["configuration"])
    let change = try await change(.configure, name)
    let shown = try StructJSON.document(of: change.before?.configurationJSON ?? "")
    let json = try PluginDrafts.configuration(request.plugin.configuration, shown: shown)
    return try await make(change, context, path: FieldPath("plugin.configuration"), configurationJSON: json) {
      operations throws(PluginOperationError) in
      try await operations.configure(name.id, json: json)
    }
  }

  func listPluginLogs(
    request: Carillon_V1_ListPluginLogsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListPluginLogsResponse {
    let name = try ResourceName(request.name, kind: .plugin, field: "name")
    let listing = ["plugin-logs", name.id]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let operations = try operations()
    _ = try await existing(name)
    let lines = try await naming(name) { () throws(PluginOperationError) in
      try await operations.logs(name.id, limit: PluginLogLine.maximumCount)
    }
    let page = try await environment.page(asked) { try PageToken.page(of: lines, $0) }
    return .with {
      $0.lines = page.items.map { Carillon_V1_PluginLogLine($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }
}
