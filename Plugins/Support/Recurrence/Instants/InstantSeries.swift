/// Instants in ascending order, in seconds since 1970-01-01T00:00:00Z.
protocol InstantSeries {
  /// The first at an instant or after it.
  func first(from instant: Int, _ steps: inout Steps) throws(RecurrenceFault) -> Int?
}

/// Instants that are equally far apart: a `rate`.
struct RateSeries: InstantSeries {
  let anchor: Int
  let period: Int
  /// Whether there are any before the anchor.
  let isEndless: Bool

  func first(from instant: Int, _ steps: inout Steps) -> Int? {
    if instant <= anchor, !isEndless { return anchor }
    return instant + (anchor - instant).modulo(period)
  }
}
