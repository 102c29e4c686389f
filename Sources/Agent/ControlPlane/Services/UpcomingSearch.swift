import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// Coming occurrences of one schedule or of a whole namespace, the earliest first. Computed, a page of schedules at a
/// time, so that memory is bounded by the answer and not by the store.
struct UpcomingSearch {
  /// How far ahead, at most.
  static let maximumAhead = TimeSpan.hours(400 * 24)
  /// How far ahead when the request does not say.
  static let standardAhead = TimeSpan.hours(30 * 24)
  private static let pageSize = 500

  private let environment: Environment
  private let namespace: String
  private let scheduleID: String?
  private let eventType: String?
  private let limit: Int
  private let from: Timestamp
  private let until: Timestamp

  init(_ request: Carillon_V1_ListUpcomingRequest, environment: Environment) throws(ModelError) {
    self.environment = environment
    var violations = Violations()
    let isSchedule = request.parent.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 1
    let name = violations.collect { () throws(ModelError) in
      try ResourceName(request.parent, kind: isSchedule ? .schedule : .namespace, field: "parent")
    }
    if !(0...Int32(PageRequest.maximumSize)).contains(request.limit) {
      violations.add("limit", "must be 0 to \(PageRequest.maximumSize)")
    }
    from = environment.now()
    let furthest = from + Self.maximumAhead
    var until = from + Self.standardAhead
    if request.hasUntil {
      until = violations.collect { () throws(ModelError) in try Timestamp(request.until, field: "until") } ?? until
      if until > furthest { violations.add("until", "must be at most 400 days ahead") }
    }
    try violations.check()
    self.until = until
    namespace = name?.namespace ?? ""
    scheduleID = isSchedule ? name?.id : nil
    eventType = request.eventType.isEmpty ? nil : request.eventType
    limit = request.limit == 0 ? PageToken.standardSize : Int(request.limit)
  }

  /// The occurrences.
  func run() async throws -> [Carillon_V1_Upcoming] {
    guard let scheduleID else { return try await searchNamespace() }
    let name = ResourceName(kind: .schedule, namespace: namespace, id: scheduleID)
    let schedule = try await environment.naming(name) {
      try await environment.store.schedule(namespace: namespace, id: scheduleID)
    }
    return try await search([schedule]).map(\.shown)
  }

  private func searchNamespace() async throws -> [Carillon_V1_Upcoming] {
    var found: [Found] = []
    var token = ""
    var seen = 0
    repeat {
      let page = try await environment.store.schedules(
        namespace: namespace, filter: ScheduleFilter(eventType: eventType, state: .active),
        page: PageRequest(size: Self.pageSize, token: token))
      seen += page.items.count
      guard seen <= environment.limits.maximumUpcomingSchedules else {
        throw Failure.precondition(
          "TOO_MANY_SCHEDULES",
          "over \(environment.limits.maximumUpcomingSchedules) schedules: ask for one event type, or one schedule")
      }
      found += try await search(page.items)
      found.sort { $0.dueAt < $1.dueAt }
      found.removeLast(max(0, found.count - limit))
      token = page.next
      try Task.checkCancellation()
    } while !token.isEmpty
    return found.map(\.shown)
  }

  private struct Found {
    let dueAt: Timestamp
    let shown: Carillon_V1_Upcoming
  }

  private func search(_ schedules: [Schedule]) async throws -> [Found] {
    var queries: [UpcomingQuery] = []
    var users: [String: User] = [:]
    for schedule in schedules where schedule.state == .active {
      var user: User?
      if let id = schedule.userID {
        if users[id] == nil {
          users[id] = try await ifFound { () throws(StoreError) in
            try await environment.store.user(namespace: namespace, id: id)
          }
        }
        user = users[id]
        // Deleted since the page was read, its schedules with it.
        if user == nil { continue }
      }
      if user?.paused == true { continue }
      queries.append(UpcomingQuery(schedule: schedule, user: user, timeZone: Self.zone(schedule, user)))
    }
    let found = await environment.pipeline.upcoming(queries, from: from, until: until, limit: limit)
    return found.compactMap { occurrence in
      guard queries.indices.contains(occurrence.index) else { return nil }
      return Found(dueAt: occurrence.dueAt, shown: shown(occurrence, queries[occurrence.index]))
    }
  }

  private func shown(_ occurrence: UpcomingOccurrence, _ query: UpcomingQuery) -> Carillon_V1_Upcoming {
    .with {
      $0.schedule = ResourceName(kind: .schedule, namespace: namespace, id: query.schedule.id).text
      $0.user = query.user.map { ResourceName(kind: .user, namespace: namespace, id: $0.id).text } ?? ""
      $0.displayName = query.user?.displayName ?? ""
      $0.eventType = query.schedule.eventType
      $0.occurrenceKey = occurrence.key
      $0.dueTime = Google_Protobuf_Timestamp(occurrence.dueAt)
      $0.timeZone = query.timeZone
      $0.localTime = environment.zones.localTime(of: occurrence.dueAt, zone: query.timeZone) ?? ""
    }
  }

  /// The zone that counts: the schedule's, else the user's, else UTC.
  static func zone(_ schedule: Schedule, _ user: User?) -> String {
    if let zone = schedule.timeZone, !zone.isEmpty { return zone }
    if let zone = user?.timeZone, !zone.isEmpty { return zone }
    return "UTC"
  }
}
