public import EventModel

/// How the pipeline's time of day runs against the real one: as it is, or for a rehearsal many times faster from an instant
/// on. The same function for every agent of a store and for the store's own clock, so that they agree while it runs fast.
///
/// What is due follows the pace; time-outs, leases and sends take as long as they always do.
public struct Pace: Hashable, Sendable {
  /// Speeds that can be asked for.
  public static let speeds = 1...1_000
  /// The time of day as it is.
  public static let real = Pace(from: Timestamp(seconds: 0), speed: 1)

  private let from: Timestamp
  private let speed: Int64

  /// Makes a pace; until `from` time is real, and then runs `speed` times as fast.
  public init(from: Timestamp, speed: Int) {
    self.from = from
    self.speed = Int64(min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound))
  }

  /// The time of day that it shows at a real instant.
  public func shown(at real: Timestamp) -> Timestamp {
    speed == 1 || real <= from ? real : from + stretched(real - from)
  }

  /// How long it really takes from one instant that it shows to another.
  func wait(from now: Timestamp, until then: Timestamp) -> TimeSpan { real(at: then) - real(at: now) }

  /// A real span in the time that it shows while it runs fast; saturates.
  func stretched(_ span: TimeSpan) -> TimeSpan {
    let (value, overflow) = span.microseconds.multipliedReportingOverflow(by: speed)
    return TimeSpan(microseconds: overflow ? (span < .zero ? .min : .max) : value)
  }

  /// When it shows an instant; rounded up, so that nobody who waits until then is early.
  private func real(at shown: Timestamp) -> Timestamp {
    guard speed > 1, shown > from else { return shown }
    let span = (shown - from).microseconds
    return from + TimeSpan(microseconds: span / speed + (span % speed > 0 ? 1 : 0))
  }
}
