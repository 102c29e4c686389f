import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct TemplateList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List templates.",
    discussion: "Example:\n  ctl template list --event-type birthday")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @OptionGroup var condition: ListCondition
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Only for this event type.") var type = ""

  func perform(_ session: Session) async throws {
    let filtered = Carillon_V1_ListTemplatesRequest.with {
      $0.parent = session.parent(.templates)
      $0.eventType = type
      $0.filter = condition.filter
    }
    try await length.list(session) { size, token throws(CtlError) in
      var page = filtered
      page.pageSize = size
      page.pageToken = token
      return try await Templates.page(session.client, page)
    }
  }
}
