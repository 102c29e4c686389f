import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl plugin`
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "The plugins of the agents.",
    subcommands: [PluginList.self, GetCommand<Plugins>.self], aliases: ["plugins"])
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

extension Carillon_V1_Plugin: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("VERSION"), .init("STATE"), .init("PROVIDES"), .init("PROBLEM"),
    .init("SUMMARY", isWide: true), .init("VENDOR", isWide: true), .init("FILE", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(show.text(version)),
      .init(EnumText.label(state), state == .loaded ? .good : .bad),
      .init(show.text(provides.joined(separator: ", "))), .init(show.text(problem)), .init(show.text(summary)),
      .init(show.text(vendor)), .init(show.text(file)),
    ]
  }
}
