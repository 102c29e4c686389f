import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List schedules.", discussion: "Example:\n  ctl schedule list --user ada")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength
  @OptionGroup var condition: ListCondition
  @Option(help: "Only those of this user.") var user: String?
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Only those of this event type.")
  var type = ""
  @Option(help: "Only those in this state: active, paused or ended.") var state: String?

  func perform(_ session: Session) async throws {
    var request = Carillon_V1_ListSchedulesRequest()
    request.parent = session.parent(.schedules)
    request.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    request.eventType = type
    request.filter = condition.filter
    if let state { request.state = try EnumText.value(state, "--state") }
    let filtered = request
    try await length.list(session) { size, token throws(CtlError) in
      var page = filtered
      page.pageSize = size
      page.pageToken = token
      return try await Schedules.page(session.client, page)
    }
  }
}
