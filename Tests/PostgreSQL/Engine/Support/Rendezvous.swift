import Foundation
import Synchronization

/// Holds threads (not tasks) until so many have come; later ones pass.
final class Rendezvous: @unchecked Sendable {
  // Unchecked: `missing` is only touched under the condition's lock.
  private let condition = NSCondition()
  private var missing: Int

  init(_ count: Int) { missing = count }

  func arrive() {
    condition.lock()
    defer { condition.unlock() }
    missing -= 1
    condition.broadcast()
    while missing > 0 { condition.wait() }
  }
}

/// Counts, from any thread.
final class Counter: Sendable {
  private let count = Mutex(0)

  /// Adds 1, and answers the new value.
  @discardableResult
  func add() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }

  var value: Int { count.withLock { $0 } }
}

/// Runs what blocks on a thread of its own.
enum Threads {
  static func run(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        body()
        continuation.resume()
      }
    }
  }
}
