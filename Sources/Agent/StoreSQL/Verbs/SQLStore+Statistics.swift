public import EventModel
public import Store

/// Each part is a snapshot of its own, so that none is held for long.
private let statisticsPart = TimeSpan.hours(24)

extension SQLStore {
  /// See ``StatisticsStore``.
  public func statistics(from: Timestamp, before: Timestamp) async throws(StoreError) -> [StatisticsRow] {
    guard from < before, before <= from + StatisticsLimits.longest else {
      throw StoreError(ModelError(field: "before", "must be after from, by at most 31 days"))
    }
    var sum = StatisticsSum()
    var start = from.minute
    while start < before {
      let (part, end) = (start, min(start + statisticsPart, before))
      let sumSoFar = sum
      sum = try await read(.mayLag) { session in
        var sum = sumSoFar
        try session.addStatistics(&sum, from: part, before: end)
        return sum
      }
      start = end
    }
    return sum.sorted
  }
}
