import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl token`
struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Bearer tokens: who shows one may do what it says, until it runs out.",
    subcommands: [
      WholeListCommand<Tokens>.self, GetCommand<Tokens>.self, TokenCreate.self, TokenRevoke.self,
    ], aliases: ["tokens"])
}

enum Tokens: Noun {
  static let kind = ResourceKind.tokens

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Token {
    try await client.call { try await client.access.getToken(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Token> {
    let message = Carillon_V1_ListTokensRequest.with {
      $0.pageSize = request.size
      $0.pageToken = request.token
    }
    let answer = try await client.call { try await client.access.listTokens(message, options: $0) }
    return Page(items: answer.tokens, next: answer.nextPageToken)
  }
}

extension Carillon_V1_Token: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("ROLE"), .init("NAMESPACE"), .init("RUNS OUT"), .init("REVOKED"), .init("DESCRIPTION"),
    .init("CREATED", isWide: true), .init("BY", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(EnumText.label(role)), .init(namespace.isEmpty ? "all" : namespace),
      .init(show.time(expireTime, isSet: hasExpireTime)),
      .init(show.time(revokeTime, isSet: hasRevokeTime), hasRevokeTime ? .bad : nil), .init(show.text(description_p)),
      .init(show.time(createTime, isSet: hasCreateTime)), .init(show.text(creator)),
    ]
  }
}

/// A role on the command line.
enum RoleArgument: String, ExpressibleByArgument, CaseIterable, Sendable {
  case viewer
  case `operator`
  case admin

  var role: Carillon_V1_Role {
    switch self {
    case .viewer: .viewer
    case .operator: .operator
    case .admin: .admin
    }
  }
}
