/// Threads that make the calls into one instance: a bounded queue, a time limit for each call, and a fresh thread for
/// one whose call never comes back.
final class CallExecutor: Watched {
  /// Calls that may wait.
  static let maximumQueue = 1_024

  /// One call.
  struct Job: Sendable {
    /// What is called, for messages.
    var name: String
    /// How long it may take, in nanoseconds, from when it begins.
    var limitNanoseconds: Int64
    /// Makes the call, and hands its result on. Runs on a thread of the executor.
    var run: @Sendable () -> Void
    /// Called instead of what `run` would have handed on, once it took too long. Must not block.
    var abandon: @Sendable () -> Void
  }

  private final class Worker {
    var job: Job?
    var deadline = Int64.max
    var isAbandoned = false
  }

  private struct State {
    var queue: [Job] = []
    var head = 0
    var workers: [Worker] = []
    var idle = 0
    var abandonedRunning = 0
    var isClosed = false

    var waiting: Int { queue.count - head }

    mutating func pop() -> Job? {
      guard head < queue.count else { return nil }
      let job = queue[head]
      head += 1
      // Keeps the array from growing for ever, at a cost that is constant on average.
      if head == queue.count || head >= 256 {
        queue.removeSubrange(..<head)
        head = 0
      }
      return job
    }
  }

  private let name: String
  private let threads: Int
  private let monitor = Monitor(State())

  /// Makes an executor; threads start when they are needed.
  init(name: String, threads: Int) {
    self.name = name
    self.threads = threads
  }

  /// Queues a call; false when the queue is full, the executor closed, or the system without threads.
  func submit(_ job: Job) -> Bool {
    let answer = monitor.withLock { state -> (taken: Bool, start: Worker?) in
      guard !state.isClosed, state.waiting < Self.maximumQueue else { return (false, nil) }
      state.queue.append(job)
      guard state.idle < state.waiting, state.workers.count < threads else { return (true, nil) }
      let worker = Worker()
      state.workers.append(worker)
      return (true, worker)
    }
    monitor.signal()
    if let worker = answer.start, !start(worker) { return withdraw() }
    return answer.taken
  }

  /// The job just queued cannot run when no thread could be started and there is none.
  private func withdraw() -> Bool {
    monitor.withLock { state in
      guard state.workers.isEmpty, !state.queue.isEmpty else { return true }
      state.queue.removeLast()
      return false
    }
  }

  /// Takes no more calls; those that wait are made first. Waits until every thread has ended.
  /// - Returns: whether no abandoned call is still inside the plugin.
  func close() async -> Bool {
    monitor.withLock { $0.isClosed = true }
    monitor.broadcast()
    while !monitor.withLock({ $0.workers.isEmpty && $0.waiting == 0 }) {
      // Bounded: a worker either ends its call, or the watchdog takes it off the list.
      try? await Task.sleep(for: .milliseconds(2))
    }
    return monitor.withLock { $0.abandonedRunning == 0 }
  }

  private func start(_ worker: Worker) -> Bool {
    nonisolated(unsafe) let worker = worker  // touched under the monitor's lock only
    if HostThread.start(name, { [self] in run(worker) }) { return true }
    monitor.withLock { state in state.workers.removeAll { $0 === worker } }
    return false
  }

  private enum Turn {
    case job(Job)
    case end
  }

  private func run(_ worker: Worker) {
    while case .job(let job) = nextTurn(worker) {
      job.run()
      let goesOn = monitor.withLock { state in
        if worker.isAbandoned { state.abandonedRunning -= 1 }
        worker.job = nil
        worker.deadline = .max
        return !worker.isAbandoned
      }
      if !goesOn { return }
    }
  }

  private func nextTurn(_ worker: Worker) -> Turn {
    var isIdle = false
    return monitor.wait { state -> Turn? in
      if isIdle {
        state.idle -= 1
        isIdle = false
      }
      if let job = state.pop() {
        worker.job = job
        worker.deadline = MonotonicClock.adding(job.limitNanoseconds, to: MonotonicClock.now)
        return .job(job)
      }
      if state.isClosed {
        state.workers.removeAll { $0 === worker }
        return .end
      }
      state.idle += 1
      isIdle = true
      return nil
    }
  }

  func scan(now: Int64) {
    let overdue = monitor.withLock { state -> [Job] in
      guard state.workers.contains(where: { $0.deadline < now }) else { return [] }
      var jobs: [Job] = []
      for worker in state.workers where worker.deadline < now {
        worker.isAbandoned = true
        state.abandonedRunning += 1
        if let job = worker.job { jobs.append(job) }
      }
      state.workers.removeAll { $0.isAbandoned }
      return jobs
    }
    guard !overdue.isEmpty else { return }
    // First the instance learns that it lost a call, then a fresh thread may take the next one.
    for job in overdue { job.abandon() }
    let fresh = monitor.withLock { state -> [Worker] in
      let count = min(overdue.count, state.waiting, max(0, threads - state.workers.count))
      let workers = (0..<count).map { _ in Worker() }
      state.workers += workers
      return workers
    }
    for worker in fresh where !start(worker) { failWaiting() }
  }

  /// Without threads the calls that wait would wait for ever.
  private func failWaiting() {
    let stranded = monitor.withLock { state -> [Job] in
      guard state.workers.isEmpty else { return [] }
      defer { (state.queue, state.head) = ([], 0) }
      return Array(state.queue[state.head...])
    }
    for job in stranded { job.abandon() }
  }
}
