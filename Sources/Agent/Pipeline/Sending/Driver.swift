import EventModel
import Logging
import Store
import Synchronization

/// Turns the core: takes results in, lets out what is due, and sleeps until the next deadline.
final class Driver: Sendable {
  private let engine: Engine
  private let sender: Sender
  private let claimer: BucketClaimer

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
        if actions.chunks.isEmpty { await engine.signals.driver.wait(atMost: wait, engine.clocks) }
      }
    }
  }

  /// One turn with everything awaited: for callers that step by hand. Answers whether anything was to be done.
  func step() async -> Bool {
    let (actions, _) = turn()
    for chunk in actions.chunks { await sender.send(chunk) }
    for disable in actions.disables { await self.disable(disable.sink, disable.reason) }
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
    var faults = FaultBackoff()
    engine.logger.error(
      "a sink says that it is gone; it is disabled", metadata: ["sink": "\(sink.rawValue)", "reason": "\(reason)"])
    while !Task.isCancelled {
      do {
        return try await engine.store.disableSink(sink, reason: reason, now: engine.now().wall)
      } catch  where error.code == .notFound {
        return
      } catch {
        engine.storeFailed("disable-sink", error)
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
