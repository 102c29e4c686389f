/// What a zone's clocks are set to between two transitions (a `ttinfo`; RFC 9636 section 3.2).
struct LocalTimeType: Sendable, Hashable {
  let offsetSeconds: Int32
  let isDaylightSaving: Bool
  let abbreviation: String
}

/// Transitions in ascending order, and what applies between them: entry 0 before the first one,
/// entry `k + 1` from transition `k` on.
struct TransitionTable: Sendable {
  private(set) var times: [Int64] = []
  private(set) var offsets: [Int32]
  private(set) var types: [LocalTimeType]
  private(set) var smallestOffset: Int64
  private(set) var largestOffset: Int64

  init(initial: LocalTimeType) {
    offsets = [initial.offsetSeconds]
    types = [initial]
    smallestOffset = Int64(initial.offsetSeconds)
    largestOffset = smallestOffset
  }

  /// Adds a transition later than all others. One that changes nothing is left out, so that two files that
  /// say the same compare equal.
  mutating func append(_ time: Int64, _ type: LocalTimeType) {
    guard type != types.last else { return }
    times.append(time)
    offsets.append(type.offsetSeconds)
    types.append(type)
    smallestOffset = min(smallestOffset, Int64(type.offsetSeconds))
    largestOffset = max(largestOffset, Int64(type.offsetSeconds))
  }

  /// The entry in force at an instant: as many as there are transitions at or before it.
  func entry(at unixSeconds: Int64) -> Int {
    times.withUnsafeBufferPointer { times in
      var low = 0
      var length = times.count
      // Without a branch on the data: the search's course is random, so that a branch would be mispredicted half the time.
      while length > 0 {
        let half = length / 2
        low = times[low &+ half] <= unixSeconds ? low &+ length &- half : low
        length = half
      }
      return low
    }
  }

  func transition(_ index: Int) -> ZoneTransition {
    ZoneTransition(
      unixSeconds: times[index], offsetSecondsBefore: Int(offsets[index]), offsetSecondsAfter: Int(offsets[index + 1]))
  }

  /// How the clocks show a local time.
  ///
  /// By definition rather than by case: an instant shows it if the instant is the local time less the offset in force
  /// then. Only entries within reach of the zone's extreme offsets can hold one, which is nearly always a single entry.
  func mapping(ofLocal local: Int64) -> LocalMapping {
    let lastReachable = local &- smallestOffset
    var entry = entry(at: local &- largestOffset)
    var found: Int?
    var passedOver: Int?
    while true {
      let instant = local &- Int64(offsets[entry])
      let hasBegun = entry == 0 || times[entry - 1] <= instant
      let hasEnded = entry < times.count && times[entry] <= instant
      if hasBegun, !hasEnded {
        if let found { return .fold(firstOffsetSeconds: Int(offsets[found]), secondOffsetSeconds: Int(offsets[entry])) }
        found = entry
      } else if !hasBegun, found == nil, passedOver == nil {
        // The entry before had already ended, this one has not begun: the transition between them passes over it.
        passedOver = entry - 1
      }
      guard entry < times.count, times[entry] <= lastReachable else { break }
      entry += 1
    }
    if found == nil, let passedOver { return .gap(transition(passedOver)) }
    return .unique(offsetSeconds: Int(offsets[found ?? entry]))
  }

  /// Whether the local time at an instant within `entry` has been shown before.
  func fold(at unixSeconds: Int64, entry: Int) -> Fold {
    guard entry > 0 else { return .first }
    let setBackSeconds = Int64(offsets[entry - 1]) &- Int64(offsets[entry])
    return unixSeconds &- times[entry - 1] < setBackSeconds ? .second : .first
  }
}
