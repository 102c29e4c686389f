import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

extension AgentsService {
  /// How far back statistics begin when nothing says so.
  private static let standardPeriod = TimeSpan.hours(1)

  func getStatistics(
    request: Carillon_V1_GetStatisticsRequest, context: ServerContext
  ) async throws -> Carillon_V1_Statistics {
    let now = environment.now()
    var violations = Violations()
    let before = violations.collect { () throws(ModelError) in
      request.hasBefore ? try Timestamp(request.before, field: "before") : now
    }
    let from = violations.collect { () throws(ModelError) in
      request.hasFrom ? try Timestamp(request.from, field: "from") : now - Self.standardPeriod
    }
    if let from, let before {
      if from >= before { violations.add("from", "must be before `before`") }
      if before - from > StatisticsLimits.longest {
        let days = StatisticsLimits.longest.microseconds / 86_400_000_000
        violations.add("before", "must be at most \(days) days after from")
      }
    }
    try violations.check()
    guard let from, let before else { throw Failure.invalid("from", "cannot be read") }
    let rows = try await environment.store.statistics(from: from, before: before)
    return .with {
      $0.from = Google_Protobuf_Timestamp(from)
      $0.before = Google_Protobuf_Timestamp(before)
      $0.rows = rows.map { Carillon_V1_Statistics.Row($0) }
    }
  }
}

extension Carillon_V1_Statistics.Row {
  init(_ row: StatisticsRow) {
    self.init()
    queue = row.queue
    sink = row.sink.isEmpty ? "" : ResourceName(kind: .sink, namespace: row.namespace, id: row.sink).text
    for (outcome, count) in row.outcomes { outcomes[outcome.rawValue] = Int64(count) }
    if let lateness = row.lateness.quantile(0.5) { latenessP50 = Google_Protobuf_Duration(lateness) }
    if let lateness = row.lateness.quantile(0.95) { latenessP95 = Google_Protobuf_Duration(lateness) }
    if let lateness = row.lateness.quantile(0.99) { latenessP99 = Google_Protobuf_Duration(lateness) }
    if let lateness = row.lateness.maximum { latenessMax = Google_Protobuf_Duration(lateness) }
  }
}
