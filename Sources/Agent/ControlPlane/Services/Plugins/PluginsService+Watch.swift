import ControlAPI
import GRPCCore
import Store
import SwiftProtobuf

extension PluginsService {
  func watchPlugins(
    request: Carillon_V1_WatchPluginsRequest, response: RPCWriter<Carillon_V1_WatchPluginsResponse>,
    context: ServerContext
  ) async throws {
    try await environment.watching {
      let watch = StateWatch<Carillon_V1_Plugin>(
        environment: environment, cancellation: context.cancellation, pause: environment.limits.stateWatchPause
      ) {
        try await environment.plugins.plugins().map { plugin in
          let shown = try Carillon_V1_Plugin(plugin).withoutCounts
          return (shown.name, shown)
        }
      }
      try await watch.run(from: request.cursor) { news in
        try await response.write(
          .with {
            $0.plugins = news.changed
            $0.removed = news.gone
            $0.cursor = news.cursor
          })
      }
    }
  }
  func watchPluginLogs(
    request: Carillon_V1_WatchPluginLogsRequest, response: RPCWriter<Carillon_V1_WatchPluginLogsResponse>,
    context: ServerContext
  ) async throws {
    let watch = try PluginLogWatch(request, log: environment.log)
    _ = try await existing(ResourceName(kind: .plugin, id: watch.plugin))
    try await environment.watching {
      try await watch.run(environment, context.cancellation, into: response)
    }
  }
}
