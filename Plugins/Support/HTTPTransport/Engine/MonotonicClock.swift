import Glibc

/// `CLOCK_MONOTONIC` in nanoseconds.
enum MonotonicClock {
  static var nanoseconds: Int64 {
    var time = Glibc.timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// So long from now; times that cannot be counted are as far away as can be.
  static func deadline(after timeout: Duration) -> Int64 {
    let (seconds, attoseconds) = timeout.components
    let (whole, tooLarge) = max(0, seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow) = nanoseconds.addingReportingOverflow(whole)
    guard !tooLarge, !overflow else { return .max }
    let (result, beyond) = sum.addingReportingOverflow(max(0, attoseconds / 1_000_000_000))
    return beyond ? .max : result
  }

  static func timespec(atNanoseconds time: Int64) -> Glibc.timespec {
    Glibc.timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
  }
}
