import ControlAPI
import GRPCCore
import Store
import SwiftProtobuf

/// The plugins of the agent that answers, the refused ones too.
struct PluginsService: Carillon_V1_Plugins.SimpleServiceProtocol {
  let environment: Environment
  /// Ids of requests that are being done.
  let underWay = UnderWay()

  func getPlugin(request: Carillon_V1_GetPluginRequest, context: ServerContext) async throws -> Carillon_V1_Plugin {
    try Carillon_V1_Plugin(try await existing(ResourceName(request.name, kind: .plugin, field: "name")))
  }

  func listPlugins(
    request: Carillon_V1_ListPluginsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListPluginsResponse {
    let listing = ["plugins"]
    let page = try PageToken.page(
      of: await environment.plugins.plugins(),
      PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing))
    return try .with {
      $0.plugins = try page.items.map { try Carillon_V1_Plugin($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }
}
