import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Planning anew, and what that would change.
extension SchedulesService {
  /// Schedules that are tried at a time.
  private static let schedulesPerTrial = 20
  /// With so many changes a page is full.
  private static let changesPerPage = 1_000

  func replanSchedules(
    request: Carillon_V1_ReplanSchedulesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ReplanSchedulesResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try await replanFilter(request, namespace)
    let listing = ["replan", namespace, request.schedule, request.user, request.timeZone]
    let page = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    guard request.validateOnly else {
      let count = try await environment.store.markForReplan(
        namespace: namespace, filter: filter, now: environment.now())
      environment.pipeline.kickPlanner()
      return .with { $0.schedules = Int32(clamping: count) }
    }
    let preview = try await self.preview(namespace, filter, page)
    return .with {
      $0.schedules = Int32(clamping: preview.schedules)
      $0.changes = preview.changes.map {
        Carillon_V1_ReplannedOccurrence($0, namespace: namespace, zones: environment.zones)
      }
      $0.nextPageToken = PageToken.token(next: preview.next, listing: listing)
    }
  }

  private func preview(
    _ namespace: String, _ filter: ReplanFilter, _ page: PageRequest
  ) async throws -> ReplanPreview {
    var whole = ReplanPreview(schedules: 0, changes: [], next: page.token)
    repeat {
      let size = min(page.size - whole.schedules, Self.schedulesPerTrial)
      let part = try await environment.pipeline.previewReplan(
        namespace: namespace, filter: filter, page: PageRequest(size: size, token: whole.next))
      whole.schedules += part.schedules
      whole.changes += part.changes
      whole.next = part.next
    } while !whole.next.isEmpty && whole.schedules < page.size && whole.changes.count < Self.changesPerPage
    return whole
  }

  /// Reads what is asked for.
  /// - Throws: when a name cannot be read, or names what does not exist; all violations at once.
  private func replanFilter(
    _ request: Carillon_V1_ReplanSchedulesRequest, _ namespace: String
  ) async throws -> ReplanFilter {
    var violations = Violations()
    let schedule = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(request.schedule, kind: .schedule, in: namespace, field: "schedule")
    }
    let user = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
    }
    _ = try await environment.user(user ?? nil, namespace: namespace, field: "user", &violations)
    environment.checkZone(request.timeZone, field: "time_zone", &violations)
    try violations.check()
    let filter = ReplanFilter(
      scheduleID: schedule ?? nil, userID: user ?? nil, timeZone: request.timeZone.isEmpty ? nil : request.timeZone)
    if let id = filter.scheduleID {
      _ = try await environment.naming(ResourceName(kind: .schedule, namespace: namespace, id: id)) {
        try await environment.store.schedule(namespace: namespace, id: id)
      }
    }
    return filter
  }
}

extension Carillon_V1_ReplannedOccurrence {
  /// One change.
  init(_ change: ReplanPreview.Change, namespace: String, zones: any ZoneCatalog) {
    func local(_ instant: Timestamp) -> String { zones.localTime(of: instant, zone: change.timeZone) ?? "" }
    self.init()
    schedule = ResourceName(kind: .schedule, namespace: namespace, id: change.scheduleID).text
    user = change.userID.map { ResourceName(kind: .user, namespace: namespace, id: $0).text } ?? ""
    eventType = change.eventType
    occurrenceKey = change.key
    timeZone = change.timeZone
    queue = change.queue
    problem = change.problem
    if let old = change.oldDue {
      oldDueTime = Google_Protobuf_Timestamp(old)
      oldLocalTime = local(old)
    }
    if let new = change.newDue {
      newDueTime = Google_Protobuf_Timestamp(new)
      newLocalTime = local(new)
    }
  }
}
