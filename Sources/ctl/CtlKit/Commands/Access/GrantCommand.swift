import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl grant`
struct GrantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "What the identities of client certificates may do.",
    subcommands: [
      WholeListCommand<Grants>.self, GetCommand<Grants>.self, GrantCreate.self, DeleteCommand<Grants>.self,
    ], aliases: ["grants"])
}

enum Grants: DeletableNoun {
  static let kind = ResourceKind.grants

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Grant {
    try await client.call { try await client.access.getGrant(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Grant> {
    let message = Carillon_V1_ListGrantsRequest.with {
      $0.pageSize = request.size
      $0.pageToken = request.token
    }
    let answer = try await client.call { try await client.access.listGrants(message, options: $0) }
    return Page(items: answer.grants, next: answer.nextPageToken)
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    _ = try await client.call { try await client.access.deleteGrant(.with { $0.name = name }, options: $0) }
  }
}

extension Carillon_V1_Grant: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("IDENTITY"), .init("ROLE"), .init("NAMESPACE"), .init("CREATED", isWide: true),
    .init("BY", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(identity), .init(EnumText.label(role)), .init(namespace.isEmpty ? "all" : namespace),
      .init(show.time(createTime, isSet: hasCreateTime)), .init(show.text(creator)),
    ]
  }
}
