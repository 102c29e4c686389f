import Store
import Synchronization

/// Wakes the other agents of a database, at most once in ``pause``: NOTIFY takes a lock that all who notify share when
/// they commit, so that it has a transaction of its own and never holds up a write.
final class Bell: Sendable {
  /// The channel that every agent listens on.
  static let channel = "carillon"
  /// The least time between two rings.
  static let pause = Duration.milliseconds(50)

  private struct State {
    var isPending = false
    var last: ContinuousClock.Instant?
  }

  /// What tells this process' rings from those of others.
  let token: String
  private let pool: PostgresPool
  private let state = Mutex(State())

  init(_ pool: PostgresPool) {
    self.pool = pool
    token = String(UInt64.random(in: 0 ... .max), radix: 36)
  }

  /// Whether there may be something to look at that this process does not know of.
  static func wakes(_ event: PostgresListener.Event, own token: String) -> Bool {
    switch event {
    // What was rung while nobody listened was not heard.
    case .listening: true
    case .notification(_, let payload): payload != token
    case .lost: false
    }
  }

  /// Rings soon. Returns at once; a ring that fails is lost, for the others look every second anyway.
  func ring() {
    let wait = state.withLock { state -> Duration? in
      guard !state.isPending else { return nil }
      state.isPending = true
      let rest = state.last.map { Self.pause - $0.duration(to: .now) } ?? .zero
      return max(rest, .zero)
    }
    guard let wait else { return }
    Task { await ring(after: wait) }
  }

  private func ring(after wait: Duration) async {
    // A cancelled wait only rings sooner.
    if wait > .zero { try? await ContinuousClock().sleep(for: wait) }
    // Before it is sent: what changes from here on needs a ring of its own.
    state.withLock { state in
      state.isPending = false
      state.last = .now
    }
    let token = token
    // A hint; see ``ring()``.
    try? await pool.run { try $0.notify(Self.channel, token) }
  }
}

/// The tasks that listen, so that closing the store ends them.
final class Listeners: Sendable {
  private let tasks = Mutex<[Task<Void, Never>]>([])

  func add(_ task: Task<Void, Never>) { tasks.withLock { $0.append(task) } }

  func end() {
    for task in tasks.withLock({ $0 }) { task.cancel() }
  }
}
