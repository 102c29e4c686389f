/// Every instant at which a zone's clocks show a time of a series: twice where they go back, never where they leap
/// over it.
struct WallSeries: InstantSeries {
  let local: any LocalSeries
  let clock: ZoneClock

  /// How far ahead a change of the clocks is looked for. None sets them back by more than this.
  private static let changeReach = 3 * 3_600

  func first(from instant: Int, _ steps: inout Steps) throws(RecurrenceFault) -> Int? {
    var from = instant
    while from <= RecurrenceLimits.last.seconds {
      try steps.take()
      let here = try clock.reading(at: from).local
      let offset = here.seconds - from
      let found = try local.first(from: here, &steps)
      let target = found.map { $0.seconds - offset } ?? .max
      // A change right ahead may show times again that were over: it is looked for even when the target is far.
      if target - from > Self.changeReach {
        if let change = try change(from: from, to: from + Self.changeReach, offset, &steps) {
          from = change
          continue
        }
      }
      guard let found, target <= RecurrenceLimits.last.seconds else { return nil }
      if try clock.reading(at: target).local == found { return target }
      guard let change = try change(from: from, to: target, offset, &steps) else { return target }
      from = change
    }
    return nil
  }

  /// The first instant with another offset, where the offset at the end is another. Halves the span, so that of several
  /// changes it finds one: which is enough, as the caller goes on from there and the spans are short or lead back.
  private func change(
    from start: Int, to end: Int, _ offset: Int, _ steps: inout Steps
  ) throws(RecurrenceFault) -> Int? {
    guard try self.offset(at: end) != offset else { return nil }
    var (low, high) = (start, end)
    while high - low > 1 {
      try steps.take()
      let middle = low + (high - low) / 2
      if try self.offset(at: middle) == offset { low = middle } else { high = middle }
    }
    return high
  }

  private func offset(at instant: Int) throws(RecurrenceFault) -> Int {
    try clock.reading(at: instant).local.seconds - instant
  }
}
