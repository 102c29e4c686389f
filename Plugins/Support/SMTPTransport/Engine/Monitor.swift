import Glibc

/// A value behind a lock that threads can wait on.
final class Monitor<State>: @unchecked Sendable {
  // Unchecked: `state` is only touched under `mutex`. The Synchronization module has no condition variable, and a waiter
  // here must block its thread.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Reads or changes the value; those who wait look at it again.
  func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Waits until `body` gives something. Nil when that is not before the deadline, in nanoseconds of `CLOCK_MONOTONIC`.
  func wait<Result>(untilNanoseconds deadline: Int64, _ body: (inout State) -> Result?) -> Result? {
    var limit = MonotonicTime.timespec(atNanoseconds: deadline)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      if pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT { return body(&state) }
    }
  }
}

/// `CLOCK_MONOTONIC` in nanoseconds.
enum MonotonicTime {
  static let millisecond: Int64 = 1_000_000
  static let second: Int64 = 1_000_000_000

  static var now: Int64 {
    var time = Glibc.timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* second &+ Int64(time.tv_nsec)
  }

  static func after(milliseconds: Int, from start: Int64) -> Int64 {
    let (sum, overflow) = start.addingReportingOverflow(Int64(milliseconds) &* millisecond)
    return overflow ? .max : sum
  }

  /// So long from now; times that cannot be counted are as far away as can be.
  static func after(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, seconds < Int64.max / second else { return seconds < 0 ? now : .max }
    let (sum, overflow) = now.addingReportingOverflow(seconds * second + max(0, attoseconds / second))
    return overflow ? .max : sum
  }

  static func timespec(atNanoseconds time: Int64) -> Glibc.timespec {
    Glibc.timespec(tv_sec: Int(time / second), tv_nsec: Int(time % second))
  }
}
