import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl user`
struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People that events are for.",
    subcommands: [
      ListCommand<Users>.self, GetCommand<Users>.self, UserCreate.self, UserUpdate.self, UserPause.self,
      UserResume.self,
      UserExport.self, UserErase.self, DeleteCommand<Users>.self,
    ], aliases: ["users"])
}

enum Users: DeletableNoun {
  static let kind = ResourceKind.users

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_User {
    try await client.call { try await client.users.getUser(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_User> {
    let message = Carillon_V1_ListUsersRequest.with {
      $0.parent = request.parent
      $0.pageSize = request.size
      $0.pageToken = request.token
      $0.filter = request.filter
    }
    let answer = try await client.call { try await client.users.listUsers(message, options: $0) }
    return Page(items: answer.users, next: answer.nextPageToken)
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteUserRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.users.deleteUser(message, options: $0) }
  }
}

extension Carillon_V1_User: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("NAME"), .init("BIRTH"), .init("ZONE"), .init("STATE"), .init("LOCALE", isWide: true),
    .init("EMAIL", isWide: true), .init("UPDATED", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(show.text(displayName)), .init(show.text(dates["birth"] ?? "")),
      .init(show.text(timeZone)), paused ? .init("paused", .warning) : .init("active", .good),
      .init(show.text(locale)), .init(show.text(addresses["email"] ?? "")),
      .init(show.time(updateTime, isSet: hasUpdateTime)),
    ]
  }
}

/// The fields of a user on the command line.
struct UserFields: ParsableArguments {
  @Option(help: "The name as it is shown.") var displayName: String?
  @Option(help: "Given name.") var given: String?
  @Option(help: "Family name.") var family: String?
  @Option(help: "Nickname.") var nickname: String?
  @Option(help: "Language tag such as en-GB.") var locale: String?
  @Option(help: "IANA time zone such as Europe/London.") var zone: String?
  @Option(parsing: .unconditional, help: "Date of birth: 1990-05-04, or --05-04 without the year.") var birth: String?
  @Option(help: "Email address.") var email: String?
  @Option(help: "URL of the person's own webhook.") var webhook: String?
  @Option(help: "Another date, name=1990-05-04; repeatable.") var date: [PairArgument] = []
  @Option(help: "Another address, kind=value; repeatable.") var address: [PairArgument] = []
  @Option(help: "An attribute, name=value; repeatable.") var attribute: [PairArgument] = []
  @Flag(inversion: .prefixedNo, help: "Send nothing to this person.") var paused: Bool?

  /// Sets what was given; an empty value clears a field.
  func apply(to user: inout Carillon_V1_User) throws(CtlError) -> FieldPaths {
    var fields = FieldPaths()
    try fields.set("display_name", displayName) { user.displayName = $0 }
    try fields.set("given_name", given) { user.givenName = $0 }
    try fields.set("family_name", family) { user.familyName = $0 }
    try fields.set("nickname", nickname) { user.nickname = $0 }
    try fields.set("locale", locale) { user.locale = $0 }
    try fields.set("time_zone", zone) { user.timeZone = $0 }
    try fields.set("dates.birth", birth) { user.dates["birth"] = $0.isEmpty ? nil : $0 }
    try fields.set("addresses.email", email) { user.addresses["email"] = $0.isEmpty ? nil : $0 }
    try fields.set("addresses.webhook", webhook) { user.addresses["webhook"] = $0.isEmpty ? nil : $0 }
    for pair in date { try fields.set("dates.\(pair.name)", pair.entry) { user.dates[pair.name] = $0 } }
    for pair in address { try fields.set("addresses.\(pair.name)", pair.entry) { user.addresses[pair.name] = $0 } }
    for pair in attribute { try fields.set("attributes.\(pair.name)", pair.entry) { user.attributes[pair.name] = $0 } }
    try fields.set("paused", paused) { user.paused = $0 }
    return fields
  }
}

extension PairArgument {
  /// The value of a map's entry; an empty one removes it. Present in any case.
  fileprivate var entry: String?? { .some(value.isEmpty ? nil : value) }
}
