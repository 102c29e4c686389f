import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// What people say about single occurrences, what they will say, and sending one now.
extension SchedulesService {
  func previewSchedule(
    request: Carillon_V1_PreviewScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_PreviewScheduleResponse {
    let occurrences = try await SchedulePreview(environment: environment).run(request)
    return .with { $0.occurrences = occurrences }
  }

  func skipOccurrence(
    request: Carillon_V1_SkipOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    var violations = Violations()
    Environment.checkReason(request.reason, &violations)
    let change = try await self.change(request.name, request.occurrenceKey, violations, context)
    return try Carillon_V1_Schedule(
      try await change.skip(reason: request.reason, dryRun: request.validateOnly))
  }

  func moveOccurrence(
    request: Carillon_V1_MoveOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    var violations = Violations()
    Environment.checkReason(request.reason, &violations)
    let civil = violations.collect { () throws(ModelError) in
      try MovedTime.read(request.localTime, zones: environment.zones)
    }
    let change = try await self.change(request.name, request.occurrenceKey, violations, context)
    guard let civil else { throw Failure.invalid("local_time", "cannot be read") }
    let due = try MovedTime.instant(of: civil, zone: change.occurrence.zone, environment: environment)
    return try Carillon_V1_Schedule(
      try await change.move(to: civil, at: due, reason: request.reason, dryRun: request.validateOnly))
  }

  func restoreOccurrence(
    request: Carillon_V1_RestoreOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    let change = try await self.change(request.name, request.occurrenceKey, Violations(), context)
    return try Carillon_V1_Schedule(try await change.restore())
  }

  func runSchedule(
    request: Carillon_V1_RunScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    try await ScheduleRun(environment: environment).run(request)
  }

  private func change(
    _ name: String, _ key: String, _ found: Violations, _ context: ServerContext
  ) async throws -> OccurrenceChange {
    var violations = found
    let name = violations.collect { () throws(ModelError) in
      try ResourceName(name, kind: .schedule, field: "name")
    }
    violations.collect { () throws(ModelError) in try Names.checkKey(key, field: "occurrence_key") }
    try violations.check()
    guard let name else { throw Failure.invalid("name", "cannot be read") }
    return OccurrenceChange(
      occurrence: try await NamedOccurrence(environment: environment, name: name, key: key),
      actor: environment.actor(context))
  }
}

/// The local time that an occurrence is moved to.
enum MovedTime {
  private static let field = "local_time"

  /// Reads it.
  /// - Throws: when it is none, or finer than seconds.
  static func read(_ text: String, zones: any ZoneCatalog) throws(ModelError) -> CivilFields {
    guard !text.utf8.contains(UInt8(ascii: ".")), let civil = zones.civil(text) else {
      throw ModelError(
        field: field,
        text.isEmpty
          ? "is required: a local time such as 2026-05-04T09:00"
          : "must be a local time that exists, such as 2026-05-04T09:00 or 2026-05-04T09:00:30, without offset")
    }
    return civil
  }

  /// The instant in the schedule's zone.
  /// - Throws: when clocks go forward over it, when it is over, and when it is more than 400 days ahead.
  static func instant(
    of civil: CivilFields, zone: String, environment: Environment
  ) throws(ModelError) -> Timestamp {
    let zones = environment.zones
    guard let instant = zones.instant(of: civil, zone: zone) else {
      throw ModelError(field: field, "cannot be told in the schedule's zone \(Failure.cut(zone, 40))")
    }
    if let there = zones.localTime(of: instant, zone: zone), there != civil.text {
      throw ModelError(field: field, "does not exist in \(zone): clocks go forward over it; it would be \(there)")
    }
    let now = environment.now()
    guard instant > now else {
      let there = zones.localTime(of: Timestamp(seconds: now.seconds), zone: zone) ?? "later"
      throw ModelError(field: field, "must be in the future: in \(zone) it is \(there)")
    }
    guard instant <= now + Environment.namedAhead else {
      throw ModelError(field: field, "must be at most 400 days ahead")
    }
    return instant
  }
}
