import Store
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

  /// See `SQLStore`.
  public func wakeOthers() { bell.ring() }
}
