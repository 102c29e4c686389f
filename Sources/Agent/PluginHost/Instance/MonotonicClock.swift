import EventModel

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `CLOCK_MONOTONIC`, the clock that deadlines cross the ABI on; `ContinuousClock` is another one on Linux.
enum MonotonicClock {
  /// Nanoseconds since some fixed moment.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// A moment later; saturates.
  static func adding(_ nanoseconds: Int64, to moment: Int64) -> Int64 {
    let (value, overflow) = moment.addingReportingOverflow(nanoseconds)
    return overflow ? .max : value
  }
}

/// The time of day, for what is shown to people.
enum WallClock {
  /// Now.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}

extension Duration {
  /// The length in nanoseconds; saturates at 292 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : MonotonicClock.adding(attoseconds / 1_000_000_000, to: value)
  }
}
