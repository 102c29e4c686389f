#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Clocks, in nanoseconds.
enum Clock {
  /// CLOCK_MONOTONIC, which deadlines are on.
  static var monotonic: Int64 { now(CLOCK_MONOTONIC) }
  /// Since 1970-01-01T00:00:00Z.
  static var wall: Int64 { now(CLOCK_REALTIME) }

  private static func now(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Waits; for looking again at what nobody tells of, such as another process.
  static func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

  /// Looks every few milliseconds whether something is so, for at most so long; answers whether it became so.
  static func wait(milliseconds: Int64, until condition: () -> Bool) -> Bool {
    let end = monotonic + milliseconds * 1_000_000
    while !condition() {
      if monotonic >= end { return false }
      pause(milliseconds: 2)
    }
    return true
  }
}
