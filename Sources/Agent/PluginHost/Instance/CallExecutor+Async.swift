import Synchronization

/// A continuation that several sides may want to resume: the first one does.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Result<Value, PluginHostError>, Never>?>

  init(_ continuation: CheckedContinuation<Result<Value, PluginHostError>, Never>) {
    self.continuation = Mutex(continuation)
  }

  func resume(_ result: Result<Value, PluginHostError>) {
    let continuation = self.continuation.withLock { slot in
      defer { slot = nil }
      return slot
    }
    continuation?.resume(returning: result)
  }
}

extension CallExecutor {
  /// Makes a call on a thread of the executor, and waits for it without holding a thread of Swift's pool.
  /// - Parameters:
  ///   - name: what is called, for messages.
  ///   - health: told when the call runs over its limit; asked before it is made.
  ///   - onAbandon: runs when the call is given up, before its caller learns of it.
  /// - Throws: what `body` throws, `.timeLimit`, `.busy` or `.pluginDisabled`.
  func call<Value: Sendable>(
    _ name: String, limit: Duration, health: PluginHealth,
    onAbandon: @escaping @Sendable () -> Void = {},
    _ body: @escaping @Sendable () throws(PluginHostError) -> Value
  ) async throws(PluginHostError) -> Value {
    try health.check()
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Value, PluginHostError>, Never>) in
      let answer = FirstAnswer(continuation)
      let job = Job(name: name, limitNanoseconds: limit.nanoseconds) {
        do throws(PluginHostError) {
          try health.check()
          answer.resume(.success(try body()))
        } catch {
          answer.resume(.failure(error))
        }
      } abandon: {
        onAbandon()
        health.strike(name)
        answer.resume(
          .failure(PluginHostError(.timeLimit, "\(name) took longer than \(limit); its thread was given up")))
      }
      if !submit(job) {
        answer.resume(
          .failure(PluginHostError(.busy, "\(name): too many calls wait already, or the instance is closed")))
      }
    }
    return try result.get()
  }
}
