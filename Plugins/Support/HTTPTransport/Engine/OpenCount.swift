import Glibc

/// Counts what is open, and lets threads wait until nothing is.
public final class OpenCount: @unchecked Sendable {
  // Unchecked: `number` and `isClosed` are only touched under `mutex`. The Synchronization module has no condition
  // variable, and a waiter here must block its thread.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var number = 0
  private var isClosed = false

  /// Nothing is open.
  public init() {
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

  /// How many are open.
  public var count: Int { locked { number } }

  /// Counts so many more. False when closed: nothing was added.
  public func add(_ count: Int) -> Bool {
    locked {
      if !isClosed { number += count }
      return !isClosed
    }
  }

  /// So many ended.
  public func remove(_ count: Int) {
    locked {
      number -= count
      if number <= 0 { pthread_cond_broadcast(condition) }
    }
  }

  /// Nothing more is added.
  public func close() { locked { isClosed = true } }

  /// Waits until nothing is open.
  public func waitUntilZero() {
    locked { while number > 0 { pthread_cond_wait(condition, mutex) } }
  }

  /// Waits until nothing is open. False when the time ran out first.
  public func waitUntilZero(timeout: Duration) -> Bool {
    var deadline = MonotonicClock.timespec(atNanoseconds: MonotonicClock.deadline(after: timeout))
    return locked {
      while number > 0 {
        if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return number <= 0 }
      }
      return true
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
