import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct ScheduleCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a schedule: for a person, or for everyone (a broadcast) without --user.",
    discussion: """
      What a definition may hold is the event type's to say. Values of --set are texts unless they are JSON: numbers, \
      true, false, lists and objects are taken as such; \"true\" in quotes is a text.

      Examples:
        ctl schedule create ada-birthday --event-type birthday --user ada --at 09:00 --set lead_days=7
        ctl schedule create standup --event-type reminder --zone Europe/Paris --set title="Stand-up" \\
          --set repeat="FREQ=WEEKLY;BYDAY=MO,TU" --set start=2026-11-23T09:30
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new schedule's id.") var id: String
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type such as birthday.")
  var type: String
  @Option(help: "For whom (default: a broadcast).") var user: String?
  @OptionGroup var fields: ScheduleFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func perform(_ session: Session) async throws {
    var schedule = Carillon_V1_Schedule()
    schedule.eventType = type
    schedule.user = try ResourceKind.users.optionalName(user, namespace: session.namespace)
    _ = try fields.apply(to: &schedule, session)
    let complete = schedule
    let request = Carillon_V1_CreateScheduleRequest.with {
      $0.parent = session.parent(.schedules)
      $0.scheduleID = id
      $0.schedule = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call {
      try await session.client.schedules.createSchedule(request, options: $0)
    }
    try session.printer.one(answer)
  }
}
