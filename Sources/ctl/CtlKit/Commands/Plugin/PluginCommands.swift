import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl plugin`
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "The plugins of the agents.",
    subcommands: [
      PluginList.self, GetCommand<Plugins>.self, PluginLogs.self, PluginLoad.self, PluginReload.self,
      PluginRollback.self, PluginDisable.self, PluginEnable.self, PluginConfigure.self, PluginInspect.self,
      PluginNew.self, PluginRun.self, PluginCheck.self, PluginCheckHost.self,
    ], aliases: ["plugins"])
}

enum Plugins: Noun {
  static let kind = ResourceKind.plugins

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Plugin {
    try await client.call { try await client.plugins.getPlugin(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Plugin> {
    let message = Carillon_V1_ListPluginsRequest.with {
      $0.pageSize = request.size
      $0.pageToken = request.token
    }
    let answer = try await client.call { try await client.plugins.listPlugins(message, options: $0) }
    return Page(items: answer.plugins, next: answer.nextPageToken)
  }
}
