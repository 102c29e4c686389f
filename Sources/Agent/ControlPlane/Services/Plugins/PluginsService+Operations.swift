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
    let name = ResourceName(kind: .plugin, id: draft.file)
    return try await once(request, .load, name, context) { call in
      try await make(PluginChange(.load, name, before: nil), call) { operations throws(PluginOperationError) in
        try await operations.load(draft, dryRun: call.dryRun)
      }
    }
  }

  func reloadPlugin(
    request: Carillon_V1_ReloadPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let draft = try PluginDrafts.reload(request)
    let name = ResourceName(kind: .plugin, id: draft.name)
    return try await once(request, .reload, name, context) { call in
      try await make(try await change(.reload, name), call) { operations throws(PluginOperationError) in
        try await operations.reload(draft, on: PluginTerms(etag: request.etag, dryRun: call.dryRun))
      }
    }
  }

  func rollBackPlugin(
    request: Carillon_V1_RollBackPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let name = try ResourceName(request.name, kind: .plugin, field: "name")
    return try await once(request, .rollBack, name, context) { call in
      try await make(try await change(.rollBack, name), call) { operations throws(PluginOperationError) in
        try await operations.rollBack(name.id, on: PluginTerms(etag: request.etag, dryRun: call.dryRun))
      }
    }
  }

  func disablePlugin(
    request: Carillon_V1_DisablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    var violations = Violations()
    let parsed = violations.collect { () throws(ModelError) in
      try ResourceName(request.name, kind: .plugin, field: "name")
    }
    Environment.checkReason(request.reason, &violations)
    try violations.check()
    guard let name = parsed else { throw Failure.invalid("name", "cannot be read") }
    return try await once(request, .disable, name, context) { call in
      let change = try await change(.disable, name, reason: request.reason)
      return try await make(change, call) { operations throws(PluginOperationError) in
        try await operations.disable(
          name.id, reason: request.reason, on: PluginTerms(etag: request.etag, dryRun: call.dryRun))
      }
    }
  }

  func enablePlugin(
    request: Carillon_V1_EnablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let name = try ResourceName(request.name, kind: .plugin, field: "name")
    return try await once(request, .enable, name, context) { call in
      try await make(try await change(.enable, name), call) { operations throws(PluginOperationError) in
        try await operations.enable(name.id, on: PluginTerms(etag: request.etag, dryRun: call.dryRun))
      }
    }
  }

  func updatePlugin(
    request: Carillon_V1_UpdatePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    let name = try ResourceName(request.plugin.name, kind: .plugin, field: "plugin.name")
    _ = try FieldMask(request.updateMask, isPresent: request.hasUpdateMask, fields: ["configuration"])
    return try await once(request, .configure, name, context) { call in
      let change = try await change(.configure, name)
      let shown = try StructJSON.document(of: change.before?.configurationJSON ?? "")
      let json = try PluginDrafts.configuration(request.plugin.configuration, shown: shown)
      return try await make(change, call, path: FieldPath("plugin.configuration"), configurationJSON: json) {
        operations throws(PluginOperationError) in
        try await operations.configure(
          name.id, json: json, on: PluginTerms(etag: request.plugin.etag, dryRun: call.dryRun))
      }
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
