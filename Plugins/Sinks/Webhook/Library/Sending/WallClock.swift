import Glibc

/// `CLOCK_REALTIME` in milliseconds since 1970-01-01T00:00:00Z.
enum WallClock {
  static var milliseconds: Int64 { read(CLOCK_REALTIME) }
}

/// `CLOCK_MONOTONIC` in milliseconds: for lifetimes, which a clock that is set must not end.
enum SteadyClock {
  static var milliseconds: Int64 { read(CLOCK_MONOTONIC) }
}

private func read(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
}
