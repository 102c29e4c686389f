import Glibc

/// `CLOCK_MONOTONIC` in milliseconds: rates are kept by it, whatever happens to the time of day.
enum SteadyClock {
  static var milliseconds: Int64 { read(CLOCK_MONOTONIC) }

  fileprivate static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The time of day in milliseconds since 1970, for dates in answers.
enum SystemClock {
  static var milliseconds: Int64 { SteadyClock.read(CLOCK_REALTIME) }
}
