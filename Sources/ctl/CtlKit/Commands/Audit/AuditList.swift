import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct AuditList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List audit records, the newest first.",
    discussion: """
      Personal and secret values stand as keyed hashes: equal ones look equal, and tell no more.

      Examples:
        ctl audit list --since 24h
        ctl audit list --actor dns:ada.example.org --action queue. -o wide
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @Option(help: "Only what happened within this time, such as 24h or 7d.") var since: TimeSpan?
  @Option(parsing: .unconditional, help: "Only before: RFC 3339, now, -1h.") var before: InstantArgument?
  @Option(help: "Only this actor's, such as token:importer.") var actor = ""
  @Option(help: "Only this action, or a group such as queue.") var action = ""
  @Option(help: "Only this resource.") var resource = ""

  func perform(_ session: Session) async throws {
    let filtered = Carillon_V1_ListAuditRecordsRequest.with {
      if let since { $0.from = .init(milliseconds: session.around.now() - since.milliseconds) }
      if let before { $0.before = .init(before, around: session.around) }
      $0.actor = actor
      $0.action = action
      $0.resource = resource
    }
    try await length.list(session) { size, token throws(CtlError) in
      var page = filtered
      page.pageSize = size
      page.pageToken = token
      let request = page
      let answer = try await session.client.call {
        try await session.client.audit.listAuditRecords(request, options: $0)
      }
      return Page(items: answer.records, next: answer.nextPageToken)
    }
  }
}
