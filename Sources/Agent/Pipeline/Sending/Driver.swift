import EventModel
import Logging
import Store
import Synchronization

/// Turns the core: takes results in, lets out what is due, and sleeps until the next deadline.
final class Driver: Sendable {
  private let engine: Engine
  private let sender: Sender
  private let claimer: BucketClaimer
  /// In which minute what was last noted of a sink: the store keeps one of a minute anyway.
  private let noted = Mutex<[NewsOfSink: Int64]>([:])

  private struct NewsOfSink: Hashable {
    var sink: SinkNumber
    var kind: DomainEvent.Kind
  }

  init(_ engine: Engine, _ sender: Sender, _ claimer: BucketClaimer) {
    self.engine = engine
    self.sender = sender
    self.claimer = claimer
  }

  /// Turns until cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let (actions, wait) = turn()
        for chunk in actions.chunks { group.addTask { await self.sender.send(chunk) } }
        for disable in actions.disables { group.addTask { await self.disable(disable.sink, disable.reason) } }
        if !actions.goneEndpoints.isEmpty { group.addTask { await self.giveUp(actions.goneEndpoints) } }
        for note in actions.notes { group.addTask { await self.note(note.kind, note.sink, note.detail) } }
        if actions.chunks.isEmpty { await engine.signals.driver.wait(atMost: wait, engine.clocks) }
      }
    }
  }

  /// One turn with everything awaited: for callers that step by hand. Answers whether anything was to be done.
  func step() async -> Bool {
    let (actions, _) = turn()
    for chunk in actions.chunks { await sender.send(chunk) }
    for disable in actions.disables { await self.disable(disable.sink, disable.reason) }
    if !actions.goneEndpoints.isEmpty { await giveUp(actions.goneEndpoints) }
    for note in actions.notes { await self.note(note.kind, note.sink, note.detail) }
    return !actions.chunks.isEmpty || !actions.giveBack.isEmpty
  }

  private func turn() -> (DispatchCore.Actions, wait: TimeSpan) {
    let results = engine.inbox.drain()
    let now = engine.now()
    let (actions, wait, outcomes) = engine.core.withLock { core in
      core.complete(results, now: now)
      if now.elapsed >= core.nextSweep { core.sweep(now: now) }
      core.noteGate(now: now)
      if core.lastGate == nil {
        core.fire(now: now)
        core.dispatch(now: now)
      }
      return (core.takeActions(), core.nextWake(now: engine.now()), core.outbox.waiting)
    }
    for event in actions.events { engine.observer.observe(event) }
    for (sink, ids) in actions.cancels { sender.cancel(ids, at: sink) }
    claimer.giveBack(actions.giveBack)
    if outcomes > 0 { engine.signals.recorder.kick() }
    return (actions, wait)
  }

  /// Makes a sink's end durable; until then it is disabled in memory only.
  private func disable(_ sink: SinkNumber, _ reason: String) async {
    engine.logger.error(
      "a sink says that it is gone; it is disabled", metadata: ["sink": "\(sink.rawValue)", "reason": "\(reason)"])
    await persist("disable-sink") { () async throws(StoreError) in
      try await self.engine.store.disableSink(sink, reason: reason, now: self.engine.now().wall)
    }
  }

  /// The same for addresses of users.
  private func giveUp(_ endpoints: [GoneEndpoint]) async {
    for endpoint in endpoints {
      engine.logger.warning(
        "a user's address is gone; nothing more is sent to it",
        metadata: ["sink": "\(endpoint.sink.rawValue)", "reason": "\(endpoint.reason)"])
    }
    await persist("give-up-endpoint") { () async throws(StoreError) in
      try await self.engine.store.giveUp(endpoints, now: self.engine.now().wall)
    }
  }

  private func note(_ kind: DomainEvent.Kind, _ sink: SinkNumber, _ detail: String) async {
    let minute = engine.now().wall.microseconds / TimeSpan.minutes(1).microseconds
    let isNews = noted.withLock { $0.updateValue(minute, forKey: NewsOfSink(sink: sink, kind: kind)) != minute }
    guard isNews else { return }
    engine.logger.warning("\(kind.rawValue)", metadata: ["sink": "\(sink.rawValue)", "detail": "\(detail)"])
    await persist("note") { () async throws(StoreError) in
      try await self.engine.store.note(kind, sink: sink, detail: detail, now: self.engine.now().wall)
    }
  }

  /// Tries until the store has it, or what it is about is gone.
  private func persist(_ verb: String, _ body: () async throws(StoreError) -> Void) async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      do {
        return try await body()
      } catch  where error.code == .notFound {
        return
      } catch {
        engine.storeFailed(verb, error)
        await engine.pause(faults.next())
      }
    }
  }
}

extension DispatchCore {
  /// Reports when sends may start again, or may not any more.
  mutating func noteGate(now: Moment) {
    let reason = gate.closed(now: now.elapsed)
    guard reason != lastGate else { return }
    lastGate = reason
    actions.events.append(.gate(closed: reason?.rawValue))
  }
}
