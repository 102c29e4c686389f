import Dispatch
import Store

/// Runs what blocks on a thread of its own, so that Swift's cooperative pool never waits.
enum Blocking {
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: Result { () throws(StoreError) in try body() }) }
    }
    return try result.get()
  }
}
