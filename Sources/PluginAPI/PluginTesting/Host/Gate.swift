#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Something behind a lock, for whose changes can be waited. Lives until the process ends: a plugin may call at any time.
final class Gate<Value>: @unchecked Sendable {
  // Unchecked: the value is touched under the lock only.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var value: Value

  init(_ value: Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  /// Does something to the value, and tells those who wait.
  func with<R>(_ body: (inout Value) -> R) -> R {
    pthread_mutex_lock(lock)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
    return body(&value)
  }

  /// Does something to the value as soon as that can be done: `body` is called after each change, until it answers
  /// something.
  func when<R>(_ body: (inout Value) -> R?) -> R {
    pthread_mutex_lock(lock)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(lock)
    }
    while true {
      if let answer = body(&value) { return answer }
      pthread_cond_wait(changed, lock)
    }
  }

  /// Waits until something is so, at most until then (CLOCK_MONOTONIC, nanoseconds); answers whether it became so.
  func wait(until end: Int64, _ condition: (Value) -> Bool) -> Bool {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while !condition(value) {
      let left = end - Clock.monotonic
      guard left > 0 else { return false }
      let wake = Clock.wall + left  // what the condition's clock is, unless told otherwise
      var time = timespec(tv_sec: Int(wake / 1_000_000_000), tv_nsec: Int(wake % 1_000_000_000))
      pthread_cond_timedwait(changed, lock, &time)
    }
    return true
  }
}
