import EventModel
import Logging
import Store
import Synchronization

/// Who may do what, in memory: the store's access list, and the calls under way that go by it.
///
/// When the store cannot be read, the last list goes on: what runs out runs out all the same, and nobody can be denied or
/// revoked in a store that does not answer. An agent that never read a list serves only its own machine's callers.
final class AccessDirectory: Sendable {
  private struct State {
    var admins: [String]
    var list: AccessList?
    var index: AccessIndex?
    var readAt: Timestamp?
    var calls: [ObjectIdentifier: WeakCall] = [:]
    var isFailing = false
  }

  private struct WeakCall {
    weak var call: OpenCall?
  }

  private let store: any AccessStore
  private let now: @Sendable () -> Timestamp
  private let observer: any ControlPlaneObserver
  private let logger: Logger
  private let state: Mutex<State>

  init(
    store: any AccessStore, admins: [String], now: @escaping @Sendable () -> Timestamp,
    observer: any ControlPlaneObserver,
    logger: Logger
  ) {
    self.store = store
    state = Mutex(State(admins: admins))
    self.now = now
    self.observer = observer
    self.logger = logger
  }

  /// The list that counts now; nil when none was read yet.
  var index: AccessIndex? { state.withLock { $0.index } }

  /// When the list was last found to be current; nil: never.
  var readAt: Timestamp? { state.withLock { $0.readAt } }

  /// Reads the list again, if it changed, and ends the calls that it no longer allows. Keeps the old one when it cannot
  /// be read.
  func refresh() async throws(StoreError) {
    let started = now()
    let list = try await store.accessList(besides: index?.revision)
    state.withLock { state in
      guard let list else {
        state.readAt = started
        return
      }
      // Two readers may overtake each other; the later list stays.
      if let old = state.index, old.revision > list.revision { return }
      if state.index?.revision != list.revision {
        state.list = list
        state.index = AccessIndex(list, admins: state.admins)
      }
      state.readAt = started
    }
    reviewCalls()
  }

  /// Goes by other administrators from now on, and ends the calls that this no longer allows.
  func change(admins: [String]) {
    state.withLock { state in
      state.admins = admins
      if let list = state.list { state.index = AccessIndex(list, admins: admins) }
    }
    reviewCalls()
  }

  /// Reads the list each `pause` until cancelled, and looks for what ran out.
  func run(every pause: Duration, on clock: any Clock<Duration>) async throws {
    while true {
      do throws(StoreError) {
        try await refresh()
        if state.withLock({ state in
          defer { state.isFailing = false }
          return state.isFailing
        }) {
          logger.notice("the access list can be read again")
        }
      } catch {
        tellFailure(error)
        reviewCalls()
      }
      observer.accessListChecked(age: readAt.map { now() - $0 })
      try await clock.sleep(for: pause)
    }
  }

  /// Once, not each second.
  private func tellFailure(_ error: StoreError) {
    let isNews = state.withLock { state in
      defer { state.isFailing = true }
      return !state.isFailing
    }
    if isNews {
      logger.warning("the access list cannot be read; the last one counts", metadata: ["error": "\(error)"])
    }
  }

  /// Watches over a call from now on, for as long as somebody holds it.
  func add(_ call: OpenCall) {
    state.withLock { $0.calls[ObjectIdentifier(call)] = WeakCall(call: call) }
  }

  /// Forgets a call that has ended.
  func remove(_ id: ObjectIdentifier) {
    _ = state.withLock { $0.calls.removeValue(forKey: id) }
  }

  /// How many calls are watched over.
  var openCalls: Int { state.withLock { $0.calls.count } }

  private func reviewCalls() {
    // Held until all were looked at: the last reference to a call must not go while the lock is held, since a call that
    // goes takes itself out.
    let calls = state.withLock { $0.calls.values.compactMap(\.call) }
    for call in calls { call.review() }
  }
}
