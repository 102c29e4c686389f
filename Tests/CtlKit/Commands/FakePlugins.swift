import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// What is done with plugins.
extension FakePlugins {
  private func change(
    _ name: String, _ body: (inout Carillon_V1_Plugin) -> Void
  ) throws -> Carillon_V1_Plugin {
    try agent.with { state in
      guard let index = state.plugins.firstIndex(where: { $0.name == name }) else { throw FakeAgent.notFound(name) }
      body(&state.plugins[index])
      return state.plugins[index]
    }
  }

  func loadPlugin(request: Carillon_V1_LoadPluginRequest, context: ServerContext) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    let plugin = Carillon_V1_Plugin.with {
      $0.name = "plugins/\(request.file.prefix { $0 != "." })"
      $0.state = .loaded
      $0.isolation = request.isolation
    }
    agent.with { $0.plugins.append(plugin) }
    return plugin
  }

  func reloadPlugin(
    request: Carillon_V1_ReloadPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try change(request.name) { plugin in
      plugin.version = "2.0.0"
      plugin.trial = Self.trial(request.trialDeliveries == 0 ? .passed : .running)
    }
  }

  /// A trial of version 2.0.0 that always began at the same time.
  static func trial(
    _ state: Carillon_V1_PluginTrial.State, deliveries: Int64 = 0, failures: Int64 = 0
  ) -> Carillon_V1_PluginTrial {
    .with {
      ($0.state, $0.deliveries, $0.failures, $0.wantedDeliveries) = (state, deliveries, failures, 200)
      ($0.version, $0.startTime) = ("2.0.0", .init(seconds: 1_780_000_000))
      $0.reason = state == .rolledBack ? "12 % of its deliveries failed, and 1 % before" : ""
    }
  }

  func rollBackPlugin(
    request: Carillon_V1_RollBackPluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try change(request.name) { $0.version = "1.0.0" }
  }

  func disablePlugin(
    request: Carillon_V1_DisablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try change(request.name) { ($0.state, $0.problem) = (.disabled, request.reason) }
  }

  func enablePlugin(
    request: Carillon_V1_EnablePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try change(request.name) { ($0.state, $0.problem) = (.loaded, "") }
  }

  func updatePlugin(
    request: Carillon_V1_UpdatePluginRequest, context: ServerContext
  ) async throws -> Carillon_V1_Plugin {
    try agent.begin(request)
    return try change(request.plugin.name) { $0.configuration = request.plugin.configuration }
  }

  func listPluginLogs(
    request: Carillon_V1_ListPluginLogsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListPluginLogsResponse {
    try agent.begin(request)
    _ = try change(request.name) { _ in }
    let (lines, start) = (agent.with { $0.pluginLogs }, Int(request.pageToken) ?? 0)
    let page = lines.dropFirst(start).prefix(min(Int(request.pageSize), 2))
    return .with {
      $0.lines = Array(page)
      $0.nextPageToken = start + page.count < lines.count ? String(start + page.count) : ""
    }
  }
  func watchPluginLogs(
    request: Carillon_V1_WatchPluginLogsRequest, response: RPCWriter<Carillon_V1_WatchPluginLogsResponse>,
    context: ServerContext
  ) async throws {
    try agent.begin(request)
    _ = try change(request.name) { _ in }
    let (answers, isLast) = agent.with { state in
      (state.logWatches.isEmpty ? [] : state.logWatches.removeFirst(), state.logWatches.isEmpty)
    }
    for answer in answers { try await response.write(answer) }
    guard isLast else { throw RPCError(code: .unavailable, message: "the agent stops") }
    try await context.cancellation.cancelled
  }
}
