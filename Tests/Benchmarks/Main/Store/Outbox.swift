import EventModel
import Synchronization

/// Outcomes on their way from the loads to the recorder, and how far a round has come.
final class Outbox: Sendable {
  private struct State {
    var waiting: [Receipt] = []
    /// Of `waiting`, those that were handed out.
    var head = 0
    /// Loaded and not yet durable.
    var unrecorded = 0
    var backlogLeft: Int
    var backlogDoneAt: ContinuousClock.Instant?
    /// No more events come beside the backlog.
    var isClosed = false
    var wantsRoom = false

    var isDone: Bool { isClosed && backlogLeft == 0 && unrecorded == 0 }

    mutating func take(atMost limit: Int) -> [Receipt] {
      let batch = Array(waiting[head...].prefix(limit))
      head += batch.count
      if head == waiting.count {
        waiting = []
        head = 0
      }
      return batch
    }
  }

  private let state: Mutex<State>
  /// There is something to record, or nothing any more.
  private let news = Kick()
  /// There is something to claim, room for it, or nothing any more.
  let claims = Kick()

  init(backlog: Int) {
    state = Mutex(State(backlogLeft: backlog))
  }

  /// Sends, which takes no time here, and has the outcomes recorded.
  func send(_ events: [LoadedEvent]) {
    let now = StoreAgent.now
    let receipts = events.map { event in
      Receipt(
        ref: event.ref, identity: event.identity, sink: SinkNumber(rawValue: 1), attempt: event.attempt, hop: event.hop,
        outcome: .delivered, closes: true, code: "http-204", startedAt: now, doneAt: now)
    }
    state.withLock { state in
      state.waiting += receipts
      state.unrecorded += receipts.count
    }
    news()
  }

  /// The oldest outcomes; nil when all are recorded.
  func next(atMost limit: Int) async throws -> [Receipt]? {
    while true {
      let batch = state.withLock { $0.take(atMost: limit) }
      if !batch.isEmpty { return batch }
      if isDone { return nil }
      try await news.wait()
    }
  }

  /// A batch is durable.
  func recorded(_ batch: [Receipt]) {
    let ofBacklog = batch.count(where: { $0.identity.key != Arrivals.key })
    let wakesClaimer = state.withLock { state in
      state.unrecorded -= batch.count
      state.backlogLeft -= ofBacklog
      if state.backlogLeft == 0, state.backlogDoneAt == nil { state.backlogDoneAt = ContinuousClock().now }
      return state.isDone || state.wantsRoom
    }
    if wakesClaimer { claims() }
  }

  /// No more events come beside the backlog.
  func close() {
    state.withLock { $0.isClosed = true }
    news()
    claims()
  }

  /// How many more events may be loaded.
  func room(of most: Int) -> Int {
    state.withLock { state in
      let room = max(most - state.unrecorded, 0)
      state.wantsRoom = room == 0
      return room
    }
  }

  /// Whether everything is durable.
  var isDone: Bool { state.withLock { $0.isDone } }
  /// When the last event of the backlog became durable; nil before.
  var backlogDoneAt: ContinuousClock.Instant? { state.withLock { $0.backlogDoneAt } }
}
