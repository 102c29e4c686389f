import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl dead-letter`
struct DeadLetterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dead-letter", abstract: "What could not be delivered, kept whole.",
    subcommands: [DeadLetterList.self, DeadLetterShow.self, DeadLetterReplay.self, DeadLetterDiscard.self],
    aliases: ["dead-letters"])
}

enum DeadLetters: Noun {
  static let kind = ResourceKind.deadLetters

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_DeadLetter {
    try await client.call { try await client.deadLetters.getDeadLetter(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_DeadLetter> {
    try await page(
      client,
      .with {
        $0.parent = request.parent
        $0.pageSize = request.size
        $0.pageToken = request.token
      })
  }

  static func page(
    _ client: Client, _ message: Carillon_V1_ListDeadLettersRequest
  ) async throws(CtlError) -> Page<Carillon_V1_DeadLetter> {
    let answer = try await client.call { try await client.deadLetters.listDeadLetters(message, options: $0) }
    return Page(items: answer.deadLetters, next: answer.nextPageToken)
  }
}

extension Carillon_V1_DeadLetter: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("DIED"), .init("TYPE"), .init("USER"), .init("SINK"), .init("CODE"),
    .init("ATTEMPTS", isRight: true), .init("DETAIL"), .init("DUE", isWide: true), .init("SCHEDULE", isWide: true),
    .init("EVENT", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(show.time(dieTime, isSet: hasDieTime)), .init(eventType), .init(show.id(user)),
      .init(show.id(sink)), .init(show.text(code), .bad), .init(String(attempts)), .init(show.text(detail)),
      .init(show.time(dueTime, isSet: hasDueTime)), .init(show.id(schedule)), .init(show.id(event)),
    ]
  }
}

/// Which dead letters.
struct DeadLetterFilter: ParsableArguments {
  @Option(help: "Only of this sink.") var sink: String?
  @Option(help: "Only with this code, such as http-410.") var code: String?
  @Option(help: "Only this user's.") var user: String?
  @Option(help: "Only what died within this time, such as 24h or 7d.") var since: TimeSpan?

  var isEmpty: Bool { sink == nil && code == nil && user == nil && since == nil }

  func request(_ session: Session) throws(CtlError) -> Carillon_V1_ListDeadLettersRequest {
    var request = Carillon_V1_ListDeadLettersRequest()
    request.parent = session.parent(.deadLetters)
    request.sink = try ResourceKind.sinks.optionalName(sink, namespace: session.namespace)
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    request.code = code ?? ""
    if let since { request.diedFrom = .init(milliseconds: session.around.now() - since.milliseconds) }
    return request
  }
}

extension Google_Protobuf_Timestamp {
  /// - Parameter milliseconds: since 1970.
  init(milliseconds: Int64) {
    let rest = (milliseconds % 1_000 + 1_000) % 1_000
    self.init(seconds: (milliseconds - rest) / 1_000, nanos: Int32(rest) * 1_000_000)
  }
}
