import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Schedules: a user or nobody, an event type, a definition.
struct SchedulesService: Carillon_V1_Schedules.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a schedule stand in a request.
  static let path = FieldPath(
    "schedule", renamed: ["id": "schedule_id", "namespace": "parent", "user_id": "schedule.user"])

  func createSchedule(
    request: Carillon_V1_CreateScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    let namespace = try ResourceName.namespace(request.parent)
    let name = ResourceName(kind: .schedule, namespace: namespace, id: request.scheduleID)
    let schedule = try await draft(request.schedule, name: name)
    let made = try await environment.create(
      .putSchedule(schedule, .absent), request, about: name, path: Self.path, context: context)
    guard !request.validateOnly else { return try Carillon_V1_Schedule(schedule) }
    environment.pipeline.kickPlanner()
    return try await made.answer(try Carillon_V1_Schedule(schedule), stored)
  }

  func getSchedule(
    request: Carillon_V1_GetScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try await stored(ResourceName(request.name, kind: .schedule, field: "name"))
  }

  func listSchedules(
    request: Carillon_V1_ListSchedulesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSchedulesResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try Self.filter(request, namespace: namespace)
    let condition = try ListFilter<Carillon_V1_Schedule>(request.filter)
    let listing = [
      "schedules", namespace, request.user, request.eventType, String(request.state.rawValue), request.filter,
    ]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.listed(asked, condition) { request in
      try await environment.page(request) {
        try await store.schedules(namespace: namespace, filter: filter, page: $0)
      }
    } show: {
      try Carillon_V1_Schedule($0)
    }
    return .with {
      $0.schedules = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateSchedule(
    request: Carillon_V1_UpdateScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    let name = try ResourceName(request.schedule.name, kind: .schedule, field: "schedule.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_Schedule.maskFields)
    let etag = request.schedule.etag
    return try await environment.retryingConflicts(etag: etag) {
      let old = try await existing(name, allowMissing: request.allowMissing && etag.isEmpty)
      let schedule: Schedule
      if let old {
        schedule = try await changed(old, request.schedule, mask: mask)
      } else {
        schedule = try await draft(request.schedule, name: name)
      }
      let condition = try Etag.precondition(
        etag, otherwise: old.map { .revision($0.revision) } ?? .absent, name: name)
      return try await put(schedule, condition, name: name, dryRun: request.validateOnly, context: context)
    }
  }

  func deleteSchedule(
    request: Carillon_V1_DeleteScheduleRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .schedule, field: "name")
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteSchedule(namespace: name.namespace, id: name.id, condition), about: name, dryRun: false,
      context: context)
    environment.pipeline.kickPlanner()
    return Google_Protobuf_Empty()
  }

  func listUpcoming(
    request: Carillon_V1_ListUpcomingRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListUpcomingResponse {
    let upcoming = try await UpcomingSearch(request, environment: environment).run()
    return .with { $0.upcoming = upcoming }
  }

  /// A new schedule, checked.
  private func draft(_ message: Carillon_V1_Schedule, name: ResourceName) async throws -> Schedule {
    var violations = Violations()
    let userID = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(message.user, kind: .user, in: name.namespace, field: "schedule.user")
    }
    let schedule = Schedule(
      message, namespace: name.namespace, id: name.id, userID: userID ?? nil, startAt: environment.now(),
      path: Self.path, violations: &violations)
    _ = try await environment.user(
      schedule.userID, namespace: name.namespace, field: "schedule.user", &violations)
    try await environment.check(schedule, definition: true, path: Self.path, &violations)
    try violations.check()
    return schedule
  }

  /// An existing schedule, changed and checked. The definition is looked at only when the update takes it: so that a
  /// schedule whose plugin is gone can still be paused.
  private func changed(
    _ old: Schedule, _ message: Carillon_V1_Schedule, mask: FieldMask
  ) async throws -> Schedule {
    var violations = Violations()
    var schedule = old
    schedule.apply(message, mask: mask, path: Self.path, violations: &violations)
    try await environment.check(
      schedule, definition: schedule.definitionJSON != old.definitionJSON, path: Self.path, &violations)
    try violations.check()
    return schedule
  }

  private func existing(_ name: ResourceName, allowMissing: Bool) async throws -> Schedule? {
    let found = try await ifFound { () throws(StoreError) in
      try await store.schedule(namespace: name.namespace, id: name.id)
    }
    if found == nil, !allowMissing { throw Failure.notFound(name) }
    return found
  }

  private func put(
    _ schedule: Schedule, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    _ = try await environment.commit(
      .putSchedule(schedule, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    guard !dryRun else { return try Carillon_V1_Schedule(schedule) }
    environment.pipeline.kickPlanner()
    return try await stored(name)
  }

  private func stored(_ name: ResourceName) async throws -> Carillon_V1_Schedule {
    try await environment.naming(name) {
      try Carillon_V1_Schedule(try await store.schedule(namespace: name.namespace, id: name.id))
    }
  }

  private static func filter(
    _ request: Carillon_V1_ListSchedulesRequest, namespace: String
  ) throws(ModelError) -> ScheduleFilter {
    var filter = ScheduleFilter()
    filter.userID = try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
    filter.eventType = request.eventType.isEmpty ? nil : request.eventType
    switch request.state {
    case .unspecified: break
    case .active: filter.state = .active
    case .paused: filter.state = .paused
    case .ended: filter.state = .ended
    case .UNRECOGNIZED(let number): throw ModelError(field: "state", "\(number) is no value of State")
    }
    return filter
  }
}
