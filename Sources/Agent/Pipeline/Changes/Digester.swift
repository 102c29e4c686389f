import EventModel
import Store

/// Makes an event of each digest whose time has come. Any agent may do it, and several at a time.
final class Digester: Sendable {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Works until cancelled.
  func run() async {
    await engine.work("close-digests") { () async throws(StoreError) in
      try await self.step() == Limits.digestsAtOnce
    }
  }

  /// Closes what is due; answers how many.
  @discardableResult
  func step() async throws(StoreError) -> Int {
    let closed = try await engine.store.closeDigests(limit: Limits.digestsAtOnce, now: engine.now().wall)
    if closed > 0 { engine.signals.claimer.kick() }
    return closed
  }
}
