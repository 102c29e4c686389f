import Foundation

/// A value behind a lock that threads can wait on.
final class Watched<Value: Sendable>: @unchecked Sendable {
  // Unchecked: `value` is only touched under `condition`.
  private let condition = NSCondition()
  private var value: Value

  init(_ value: Value) { self.value = value }

  var current: Value { change { $0 } }

  @discardableResult
  func change<Result>(_ body: (inout Value) -> Result) -> Result {
    condition.withLock {
      defer { condition.broadcast() }
      return body(&value)
    }
  }

  /// Blocks until the value is so; false after a minute.
  func wait(until isSo: (Value) -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 60)
    return condition.withLock {
      while !isSo(value) { if !condition.wait(until: deadline) { return isSo(value) } }
      return true
    }
  }
}
