public import PluginKit0

/// What clocks show in a zone, and when. The agent's time service stands behind it in service.
public protocol LocalClock: Sendable {
  /// The instant of a local time, in seconds since 1970-01-01T00:00:00Z.
  ///
  /// - Throws: `notFound` for an unknown zone.
  func instant(of local: LocalTime, in zone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int

  /// What the clocks show at an instant, given in seconds since 1970-01-01T00:00:00Z.
  func reading(at instant: Int, in zone: String) throws(PluginError) -> ClockReading
}

/// What the clocks of a zone show.
public struct ClockReading: Sendable, Hashable {
  /// The date and time.
  public var local: LocalTime
  /// Whether the clocks show it for the second time.
  public var isSecond: Bool

  /// A reading.
  public init(_ local: LocalTime, isSecond: Bool = false) {
    self.local = local
    self.isSecond = isSecond
  }
}

/// Every zone as if it were one that never changes: for checking a rule before its zone is known.
public struct FixedClock: LocalClock {
  /// The name that UTC goes by here.
  public static let zone = "UTC"
  /// The zone in which days begin first (Pacific/Kiritimati): nothing is earlier anywhere.
  public static let earliest = FixedClock(offsetSeconds: 14 * 3_600)

  private let offsetSeconds: Int

  /// A clock so far ahead of UTC.
  public init(offsetSeconds: Int = 0) { self.offsetSeconds = offsetSeconds }

  /// So far before the same number.
  public func instant(of local: LocalTime, in zone: String, gap: GapPolicy, fold: FoldPolicy) -> Int {
    local.seconds - offsetSeconds
  }

  /// So far after the same number.
  public func reading(at instant: Int, in zone: String) -> ClockReading {
    ClockReading(LocalTime(seconds: instant + offsetSeconds))
  }
}

/// One zone's clock, as series ask it.
struct ZoneClock {
  let clock: any LocalClock
  let zone: String

  /// The instant of a local time: shifted forward in a gap, the first of two.
  func instant(
    of local: LocalTime, gap: GapPolicy = .shiftForward, fold: FoldPolicy = .first
  ) throws(RecurrenceFault) -> Int {
    if zone == FixedClock.zone { return local.seconds }
    do throws(PluginError) {
      return try clock.instant(of: local, in: zone, gap: gap, fold: fold)
    } catch {
      throw RecurrenceFault(error)
    }
  }

  func reading(at instant: Int) throws(RecurrenceFault) -> ClockReading {
    if zone == FixedClock.zone { return ClockReading(LocalTime(seconds: instant)) }
    do throws(PluginError) {
      return try clock.reading(at: instant, in: zone)
    } catch {
      throw RecurrenceFault(error)
    }
  }
}
