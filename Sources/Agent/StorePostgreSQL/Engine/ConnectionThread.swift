import Store

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A thread that runs one connection's jobs, one after another: libpq's calls may block here, and never on a thread of
/// Swift's cooperative pool. It ends with the last reference to it.
final class ConnectionThread: SerialExecutor {
  private let line = JobLine()

  /// - Throws: `.unavailable` when the system gives no thread.
  init() throws(StoreError) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(line)
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        blockSignals()
        Unmanaged<JobLine>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      throw StoreError(.unavailable, "the system gives no thread for a connection to PostgreSQL (error \(result))")
    }
    pthread_detach(thread)
  }

  deinit {
    line.end()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    // The job keeps this executor alive until it ran, even if it is the one that lets go of the last reference.
    line.append(JobLine.Item(job: UnownedJob(job), executor: self))
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// The process's signals are for its own threads.
private func blockSignals() {
  var all = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_BLOCK, &all, nil)
}

/// The jobs that wait for a thread.
private final class JobLine: @unchecked Sendable {
  // Unchecked: `items` and `isEnded` are only touched under `mutex`. The Synchronization module has no condition
  // variable, and the thread must block here.
  struct Item {
    let job: UnownedJob
    let executor: ConnectionThread
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var items: [Item] = []
  private var isEnded = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func append(_ item: Item) {
    pthread_mutex_lock(mutex)
    items.append(item)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  func end() {
    pthread_mutex_lock(mutex)
    isEnded = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  func run() {
    while let batch = next() {
      for item in batch { item.job.runSynchronously(on: item.executor.asUnownedSerialExecutor()) }
    }
  }

  private func next() -> [Item]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while items.isEmpty {
      if isEnded { return nil }
      pthread_cond_wait(condition, mutex)
    }
    defer { items = [] }
    return items
  }
}
