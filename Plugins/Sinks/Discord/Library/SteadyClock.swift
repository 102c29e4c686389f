import Glibc

/// `CLOCK_MONOTONIC` in milliseconds: rates are kept by it, whatever happens to the time of day.
enum SteadyClock {
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
