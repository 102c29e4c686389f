import EventModel
import Pipeline
import Synchronization

/// Both clocks of a pipeline under a test's hand.
final class ManualTime: WallClock, Sendable {
  private struct State {
    var wall: Timestamp
    var elapsed = Duration.zero
    var sleepers: [UInt64: (until: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
    var next: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  private let state: Mutex<State>

  init(at wall: Timestamp) { state = Mutex(State(wall: wall)) }

  func now() -> Timestamp { state.withLock { $0.wall } }
  var elapsed: Duration { state.withLock { $0.elapsed } }
  /// The clock that never jumps.
  var monotonic: ManualClock { ManualClock(time: self) }

  /// Whether somebody sleeps on it.
  var hasSleepers: Bool { state.withLock { !$0.sleepers.isEmpty } }

  /// Moves both clocks on and wakes who slept for it.
  func advance(by span: TimeSpan) {
    let due = state.withLock { state in
      state.wall = state.wall + span
      state.elapsed += span.duration
      let due = state.sleepers.filter { $0.value.until <= state.elapsed }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  func sleep(until deadline: Duration) async throws {
    let id = state.withLock { state -> UInt64 in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
          if state.elapsed >= deadline { return .success(()) }
          state.sleepers[id] = (deadline, continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      state.withLock { state -> CheckedContinuation<Void, any Error>? in
        guard let sleeper = state.sleepers.removeValue(forKey: id) else {
          state.cancelled.insert(id)
          return nil
        }
        return sleeper.continuation
      }?.resume(throwing: CancellationError())
    }
  }
}

struct ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Swift.Duration
    func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
    static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
  }

  let time: ManualTime
  var now: Instant { Instant(offset: time.elapsed) }
  var minimumResolution: Swift.Duration { .microseconds(1) }

  func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    try await time.sleep(until: deadline.offset)
  }
}
