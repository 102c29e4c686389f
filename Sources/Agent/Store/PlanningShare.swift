public import EventModel

/// Which schedules an agent plans: those whose number falls to its place among the live agents. There is no leader: each
/// agent knows its place from its own renewal, and two that disagree for a moment only do the same work twice, since a plan
/// holds only while its `planRevision` matches.
public struct PlanningShare: Hashable, Sendable {
  /// What is this late for planning is anybody's: the agent it falls to may hang.
  public static let patience = TimeSpan.seconds(15)

  /// Every schedule.
  public static let whole = PlanningShare(index: 0, of: 1)

  /// The agent's place, 0 ..< `count`.
  public let index: Int
  /// How many share.
  public let count: Int

  /// Makes a share; what is out of bounds is brought within.
  public init(index: Int, of count: Int) {
    self.count = max(count, 1)
    self.index = min(max(index, 0), self.count - 1)
  }

  /// Numbers are taken by this prime first: series of one kind, or of one place, may have every second number.
  public static let mix: Int64 = 4_093

  /// Whether a schedule falls to it.
  public func contains(_ schedule: ScheduleNumber) -> Bool {
    schedule.rawValue.magnitude % Self.mix.magnitude % UInt64(count) == UInt64(index)
  }

  /// A part of this share.
  /// - Parameters:
  ///   - lane: which part, 0 ..< `lanes`.
  ///   - lanes: how many parts it has.
  public func lane(_ lane: Int, of lanes: Int) -> PlanningShare {
    PlanningShare(index: index + count * lane, of: count * max(lanes, 1))
  }
}
