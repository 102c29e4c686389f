/// Something that a moment can run out for.
protocol Watched: AnyObject, Sendable {
  /// Ends what is overdue. Called by the watchdog's thread; must not block.
  func scan(now: Int64)
}

/// One thread that looks at every deadline of the host: calls over their limit, tickets over their time.
final class Watchdog: Sendable {
  /// How often it looks, in nanoseconds: deadlines are seconds, so that this is exact enough.
  static let periodNanoseconds: Int64 = 25_000_000

  private struct State {
    var watched: [ObjectIdentifier: any Watched] = [:]
    var isStopped = false
    var isRunning = false
  }

  private let monitor = Monitor(State())

  /// Watches from now on; starts the thread with the first one.
  /// - Throws: `.busy` when the system gives no thread.
  func add(_ watched: any Watched) throws(PluginHostError) {
    let mustStart = monitor.withLock { state in
      state.watched[ObjectIdentifier(watched)] = watched
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard mustStart else { return }
    guard HostThread.start("plugin-watch", { [self] in run() }) else {
      throw PluginHostError(.busy, "the system gives no thread for the plugin host")
    }
  }

  /// Watches no longer.
  func remove(_ watched: any Watched) {
    monitor.withLock { _ = $0.watched.removeValue(forKey: ObjectIdentifier(watched)) }
  }

  /// Ends the thread.
  func stop() {
    monitor.withLock { $0.isStopped = true }
    monitor.broadcast()
  }

  private func run() {
    while true {
      let next = MonotonicClock.adding(Self.periodNanoseconds, to: MonotonicClock.now)
      if monitor.wait(until: next, { $0.isStopped ? true : nil }) != nil { return }
      let now = MonotonicClock.now
      for watched in monitor.withLock({ Array($0.watched.values) }) { watched.scan(now: now) }
    }
  }
}
