import Glibc

/// A lock with a condition to wait on: the Synchronization module has none, and the waiters here block threads of their own.
final class DiscordMonitor<State>: @unchecked Sendable {
  // Unchecked: `state` is only touched while `mutex` is held.
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

  /// Runs with the lock held, then wakes all that wait.
  func change<Result>(_ body: (inout State) throws(Never) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body(&state)
  }

  /// Waits until the body has an answer; it is asked after each change, and at the time that it names, in milliseconds of the
  /// steady clock.
  func wait<Result>(_ body: (inout State) -> DiscordWait<Result>) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      switch body(&state) {
      case .done(let result): return result
      case .until(nil): pthread_cond_wait(condition, mutex)
      case .until(let time?):
        var deadline = timespec(tv_sec: Int(time / 1_000), tv_nsec: Int(time % 1_000) * 1_000_000)
        pthread_cond_timedwait(condition, mutex, &deadline)
      }
    }
  }
}

/// What a waiter says when it was asked.
enum DiscordWait<Result> {
  case done(Result)
  /// Ask again then, or after a change.
  case until(Int64?)
}
