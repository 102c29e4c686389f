public import EventModel
public import Store
import StoreSQL

extension PostgresStore {
  /// See ``Store``. Behind a pooler in transaction mode it needs the direct URL.
  public func wakeUps() -> AsyncStream<Void> {
    guard let configuration = listening else { return AsyncStream { $0.finish() } }
    let own = bell.token
    return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let listener = PostgresListener(configuration, channels: [Bell.channel])
      let task = Task {
        for await event in listener.events() {
          if Bell.wakes(event, own: own) { continuation.yield() }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
      listeners.add(task)
    }
  }

  /// See ``ResourceStore``.
  public func cancel(
    _ event: EventIdentity, reason: String, actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InterventionResult {
    let result = try await write(.claim, rows: 4) { try $0.cancel(event, reason: reason, actor: actor, now: now) }
    if case .asked = result { bell.ring() }
    return result
  }

  /// See ``ResourceStore``.
  public func move(
    _ event: EventIdentity, dueAt: Timestamp?, queue: String?, actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InterventionResult {
    let result = try await write(.claim, rows: 4) {
      try $0.move(event, dueAt: dueAt, queue: queue, actor: actor, now: now)
    }
    if case .asked = result { bell.ring() }
    return result
  }

  /// See ``PlanningStore``. What the caller does not own somebody else may have to send at once.
  public func submit(
    _ oneOffs: [OneOff], owner: AgentLease?, now: Timestamp
  ) async throws(StoreError) -> SubmissionAnswer {
    let answer = try await write(.claim, rows: oneOffs.count) { try $0.submit(oneOffs, owner: owner, now: now) }
    if owner == nil { bell.ring() }
    return answer
  }
}
