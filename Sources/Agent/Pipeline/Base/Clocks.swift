public import EventModel
import Glibc

/// Where the pipeline reads the time of day.
public protocol WallClock: Sendable {
  /// The instant it is now.
  func now() -> Timestamp
}

/// The operating system's clock (`CLOCK_REALTIME`).
public struct SystemWallClock: WallClock {
  /// Makes it.
  public init() {}

  /// The instant it is now.
  public func now() -> Timestamp {
    var time = timespec()
    // Cannot fail for this clock and a valid pointer (clock_gettime(2)).
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec)) + TimeSpan(microseconds: Int64(time.tv_nsec) / 1_000)
  }
}

/// The clocks of a pipeline: one for what is due, one that never jumps for leases and deadlines.
public struct PipelineClocks: Sendable {
  /// The real time of day.
  public let wall: any WallClock
  /// How the time by which events are due runs against it.
  let pace: Pace
  /// Time since some fixed moment; never jumps.
  let elapsed: @Sendable () -> TimeSpan
  /// Waits that long on the clock that never jumps.
  let sleep: @Sendable (TimeSpan) async throws -> Void

  /// Makes a pair of clocks.
  public init<C: Clock>(wall: any WallClock, monotonic: C, pace: Pace = .real) where C.Duration == Duration {
    let origin = monotonic.now
    self.wall = wall
    self.pace = pace
    self.elapsed = { TimeSpan(origin.duration(to: monotonic.now)) }
    // No tolerance: a timer that fires when convenient would show as lateness.
    self.sleep = { try await monotonic.sleep(until: monotonic.now.advanced(by: $0.duration), tolerance: .zero) }
  }

  /// The system's clocks.
  public static let system = paced(.real)

  /// The system's clocks, with a time of day of another pace.
  public static func paced(_ pace: Pace) -> PipelineClocks {
    PipelineClocks(wall: SystemWallClock(), monotonic: ContinuousClock(), pace: pace)
  }
}

/// A reading of both clocks.
struct Moment: Hashable, Sendable {
  /// The time of day, corrected by the store's clock, as the pace shows it.
  var wall: Timestamp
  /// Time on the clock that never jumps.
  var elapsed: TimeSpan
}

extension TimeSpan {
  static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    let (value, overflow) = a.microseconds.addingReportingOverflow(b.microseconds)
    return TimeSpan(microseconds: overflow ? (b.microseconds < 0 ? .min : .max) : value)
  }

  static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
    let (value, overflow) = a.microseconds.subtractingReportingOverflow(b.microseconds)
    return TimeSpan(microseconds: overflow ? (b.microseconds < 0 ? .max : .min) : value)
  }

  /// A share of this span; `fraction` is 0...1.
  func scaled(by fraction: Double) -> TimeSpan {
    TimeSpan(microseconds: Int64(Double(microseconds) * min(max(fraction, 0), 1)))
  }

  /// This span doubled `times` times, at most `cap`.
  func doubled(times: Int, cap: TimeSpan) -> TimeSpan {
    let (value, overflow) = microseconds.multipliedReportingOverflow(by: 1 << Int64(min(max(times, 0), 40)))
    return overflow ? cap : min(TimeSpan(microseconds: value), cap)
  }
}
