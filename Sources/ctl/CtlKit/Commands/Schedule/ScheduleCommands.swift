import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl schedule`
struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "What is celebrated or told, for whom and when.",
    subcommands: [
      ScheduleList.self, ScheduleGet.self, ScheduleUpcoming.self, SchedulePreview.self, ScheduleCreate.self,
      ScheduleUpdate.self, ScheduleSkip.self, ScheduleMove.self, ScheduleRestore.self, ScheduleRun.self,
      ScheduleReplan.self,
      SchedulePause.self, ScheduleResume.self, DeleteCommand<Schedules>.self,
    ], aliases: ["schedules"])
}

enum Schedules: DeletableNoun {
  static let kind = ResourceKind.schedules

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Schedule {
    try await client.call { try await client.schedules.getSchedule(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Schedule> {
    try await page(
      client,
      .with {
        $0.parent = request.parent
        $0.pageSize = request.size
        $0.pageToken = request.token
        $0.filter = request.filter
      })
  }

  static func page(
    _ client: Client, _ message: Carillon_V1_ListSchedulesRequest
  ) async throws(CtlError) -> Page<Carillon_V1_Schedule> {
    let answer = try await client.call { try await client.schedules.listSchedules(message, options: $0) }
    return Page(items: answer.schedules, next: answer.nextPageToken)
  }

  static func update(
    _ session: Session, _ schedule: Carillon_V1_Schedule, _ mask: Google_Protobuf_FieldMask, dryRun: Bool = false
  ) async throws(CtlError) -> Carillon_V1_Schedule {
    let request = Carillon_V1_UpdateScheduleRequest.with {
      $0.schedule = schedule
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    return try await session.client.call {
      try await session.client.schedules.updateSchedule(request, options: $0)
    }
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteScheduleRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.schedules.deleteSchedule(message, options: $0) }
  }
}

extension Carillon_V1_Schedule: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("TYPE"), .init("USER"), .init("STATE"), .init("NEXT"), .init("PROBLEM"),
    .init("EXCEPTIONS", isWide: true, isRight: true), .init("DEFINITION", isWide: true), .init("QUEUE", isWide: true),
    .init("ZONE", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(eventType), .init(show.id(user)),
      .init(EnumText.label(state), state == .active ? .good : .warning),
      .init(show.time(nextDueTime, isSet: hasNextDueTime)), .init(show.text(planError), .bad),
      .init(String(exceptions.count)), .init((try? Printer.json(definition).compact) ?? ValueText.none),
      .init(show.id(queue)),
      .init(show.text(timeZone)),
    ]
  }
}
