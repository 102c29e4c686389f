import EventModel
import Logging
import Store
import Synchronization

/// Makes outcomes durable, in batches. Nothing is dropped while the store fails: outcomes stay in memory, and the gate
/// keeps new sends from starting.
final class Recorder: Sendable {
  /// What a step came to.
  enum Step: Hashable, Sendable {
    /// Nothing to record.
    case idle
    /// A batch became durable.
    case recorded
    /// The store failed; the batch is kept.
    case failed
  }

  private let engine: Engine
  /// What was taken and is not durable yet, in order; split where the store refuses a part of it. With the epoch it was
  /// taken under: another one cannot record it.
  private let held = Mutex<(epoch: Int64, batches: [[Receipt]])>((0, []))
  /// Whether the first batch may be durable already: its answer was lost.
  private let isUnsure = Mutex(false)

  private let claimer: BucketClaimer

  init(_ engine: Engine, _ claimer: BucketClaimer) {
    self.engine = engine
    self.claimer = claimer
  }

  /// Records until cancelled.
  func run() async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      if let wait = waitBeforeFlush() {
        await engine.signals.recorder.wait(atMost: wait, engine.clocks)
        if waitBeforeFlush() != nil { continue }
      }
      if await step() == .failed {
        await engine.pause(faults.next())
      } else {
        faults = FaultBackoff()
      }
    }
  }

  /// Records one batch.
  func step() async -> Step {
    guard let lease = engine.heldLease else {
      held.withLock { $0.batches = [] }
      isUnsure.withLock { $0 = false }
      return .idle
    }
    guard let batch = next(lease.epoch) else { return .idle }
    let began = engine.now()
    do {
      if isUnsure.withLock({ $0 }), let fenced = try await alreadyDurable(batch, lease) {
        isUnsure.withLock { $0 = false }
        done(batch, fenced, lease.epoch)
        return .recorded
      }
      let answer = try await engine.store.record(batch, lease: lease, now: began.wall)
      isUnsure.withLock { $0 = false }
      engine.note(.record, nil)
      done(batch, answer.fenced, lease.epoch)
      wakeOthers(answer, now: began.wall)
      engine.observer.observe(
        .recorded(
          receipts: batch.count, fenced: answer.fenced.count, took: engine.now().elapsed - began.elapsed))
      return .recorded
    } catch {
      return failed(batch, error, lease.epoch)
    }
  }

  /// Whether everything known is durable.
  var isEmpty: Bool { engine.core.withLock { $0.outbox.count == 0 } && held.withLock { $0.batches.isEmpty } }

  /// How long to gather more before a flush; nil: flush now.
  private func waitBeforeFlush() -> TimeSpan? {
    if held.withLock({ !$0.batches.isEmpty }) { return nil }
    let now = engine.now().elapsed
    return engine.core.withLock { core in
      guard let since = core.outbox.waitingSince else { return Limits.pollEvery }
      let isDue =
        core.outbox.waiting >= Limits.flushCount || core.flights.count == 0 || now - since >= Limits.flushAfter
      return isDue ? nil : Limits.flushAfter - (now - since)
    }
  }

  private func next(_ epoch: Int64) -> [Receipt]? {
    let first = held.withLock { held -> [Receipt]? in
      if held.epoch != epoch {
        held = (epoch, [])
        isUnsure.withLock { $0 = false }
      }
      return held.batches.first
    }
    if let first { return first }
    let batch = engine.core.withLock { $0.outbox.take(atMost: Limits.mostReceiptsAtOnce) }
    guard !batch.isEmpty else { return nil }
    held.withLock { $0.batches = [batch] }
    return batch
  }

  private func done(_ batch: [Receipt], _ fenced: Set<BucketID>, _ epoch: Int64) {
    let isLast = held.withLock { held in
      if !held.batches.isEmpty { held.batches.removeFirst() }
      return held.batches.isEmpty
    }
    // After a lost lease nothing in memory is of this batch any more.
    guard engine.heldLease?.epoch == epoch else { return }
    engine.core.withLock { $0.recorded(batch, fenced: fenced, isLast: isLast) }
    if !fenced.isEmpty {
      engine.logger.warning(
        "buckets were taken over; their outcomes are void", metadata: ["buckets": "\(fenced.count)"])
    }
  }

  private func wakeOthers(_ answer: RecordAnswer, now: Timestamp) {
    engine.signals.driver.kick()
    let isNear = answer.earliestFollowUp.map { $0 <= now + LedgerLimits.claimAhead } ?? false
    if isNear || claimer.wantsRoom.load(ordering: .relaxed) { engine.signals.claimer.kick() }
  }

  private func failed(_ batch: [Receipt], _ error: StoreError, _ epoch: Int64) -> Step {
    engine.storeFailed("record", error)
    engine.note(.record, error.message)
    switch error.code {
    case .unknown:
      isUnsure.withLock { $0 = true }
      return .failed
    case .unavailable, .full, .locked, .corrupt: return .failed
    case .fenced:
      // The lease as a whole: the keeper finds out with its next renewal and forgets everything.
      engine.signals.lease.kick()
      return .failed
    default: return split(batch, error, epoch)
    }
  }

  /// After a lost answer: a batch is recorded whole or not at all, so that one receipt of an owned bucket tells.
  /// - Returns: nil when the batch is not durable; else the buckets of it that are another's by now.
  private func alreadyDurable(_ batch: [Receipt], _ lease: AgentLease) async throws(StoreError) -> Set<BucketID>? {
    let now = engine.now().wall
    let owned = try await Set(engine.store.owned(by: lease, now: now).map(\.id))
    // Closed, or another's. What has rows without an outcome here was not closed by this batch.
    let gone = Set(batch.map(\.ref.bucket)).subtracting(owned)
    let lost = engine.core.withLock { core in
      gone.filter { id in core.buckets.find(id).flatMap { core.buckets.read($0) { $0.openRows > 0 } } ?? false }
    }
    if gone.count > lost.count { return lost }
    for receipt in batch where !gone.contains(receipt.ref.bucket) {
      let open = try await engine.store.load(receipt.ref.bucket, lease: lease, now: now)
        .first { $0.ref == receipt.ref }
      return open.map { $0.settledSinks.contains(receipt.sink) } ?? true ? lost : nil
    }
    // Everything is another's: recording it again says so.
    return nil
  }

  /// The store refuses the batch for good: for one of its receipts. Halving finds it, and the others are kept.
  private func split(_ batch: [Receipt], _ error: StoreError, _ epoch: Int64) -> Step {
    guard batch.count == 1, let receipt = batch.first else {
      let half = batch.count / 2
      held.withLock { $0.batches.replaceSubrange(0..<1, with: [Array(batch[..<half]), Array(batch[half...])]) }
      return .recorded
    }
    engine.logger.error(
      "the store refuses an outcome; it is dropped",
      metadata: [
        "event": "\(receipt.identity.text)", "outcome": "\(receipt.outcome.rawValue)", "error": "\(error)",
      ])
    done(batch, [], epoch)
    return .recorded
  }
}
