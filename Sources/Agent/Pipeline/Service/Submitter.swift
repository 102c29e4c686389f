import EventModel
import Logging
import Store
import Synchronization

/// Makes single events durable, many callers in one transaction: while one commit is under way, the next gathers.
final class Submitter: Sendable {
  private struct Waiting {
    var oneOff: OneOff
    var continuation: CheckedContinuation<Result<Submission, PipelineError>, Never>
  }

  private struct State {
    var waiting: [Waiting] = []
    var isOpen = false
  }

  private let engine: Engine
  private let claimer: BucketClaimer
  private let state = Mutex(State())

  init(_ engine: Engine, _ claimer: BucketClaimer) {
    self.engine = engine
    self.claimer = claimer
  }

  /// Makes one event; returns when it is durable.
  /// - Throws: `.notRunning`, `.overloaded`, `.store`.
  func submit(_ oneOff: OneOff) async throws(PipelineError) -> Submission {
    let result: Result<Submission, PipelineError> = await withCheckedContinuation { continuation in
      let refusal = state.withLock { state -> PipelineError? in
        guard state.isOpen else { return PipelineError(.notRunning, "the pipeline does not run") }
        guard state.waiting.count < Limits.mostSubmissionsWaiting else {
          return PipelineError(.overloaded, "\(Limits.mostSubmissionsWaiting) events wait to be stored already")
        }
        state.waiting.append(Waiting(oneOff: oneOff, continuation: continuation))
        return nil
      }
      if let refusal { continuation.resume(returning: .failure(refusal)) } else { engine.signals.submitter.kick() }
    }
    return try result.get()
  }

  /// Takes calls.
  func open() { state.withLock { $0.isOpen = true } }

  /// Takes no more calls; those that wait are refused.
  func close() {
    let waiting = state.withLock { state in
      defer { state = State() }
      return state.waiting
    }
    for one in waiting { one.continuation.resume(returning: .failure(PipelineError(.notRunning, "the agent stops"))) }
  }

  /// Commits until cancelled.
  func run() async {
    while !Task.isCancelled {
      if await !step() { await engine.signals.submitter.wait(atMost: Limits.pollEvery, engine.clocks) }
    }
    close()
  }

  /// Commits one group; answers whether there was one.
  func step() async -> Bool {
    let group = state.withLock { state in
      let group = Array(state.waiting.prefix(Limits.submitAtOnce))
      state.waiting.removeFirst(group.count)
      return group
    }
    guard !group.isEmpty else { return false }
    do {
      let answer = try await submit(group.map(\.oneOff))
      for (index, one) in group.enumerated() {
        let result: Result<Submission, PipelineError> =
          index < answer.submissions.count
          ? .success(answer.submissions[index])
          : .failure(PipelineError(.store, "the store did not answer"))
        one.continuation.resume(returning: result)
      }
      await claimer.adopt(answer.owned)
      engine.signals.claimer.kick()
    } catch {
      engine.storeFailed("submit", error)
      let what =
        error.code == .unknown
        ? "it is not known whether the event was stored; asking again with the same key is safe"
        : "the event was not stored"
      let failure = PipelineError(.store, "\(what): \(error.message)", cause: error)
      for one in group { one.continuation.resume(returning: .failure(failure)) }
    }
    return true
  }

  /// Commits; where the answer was lost, once more: what was stored is found again by its key.
  private func submit(_ oneOffs: [OneOff]) async throws(StoreError) -> SubmissionAnswer {
    do {
      return try await engine.store.submit(oneOffs, owner: owner(), now: engine.now().wall)
    } catch  where error.code == .unknown {
      engine.storeFailed("submit", error)
      // It may have made buckets that are this agent's own already.
      claimer.becameUnsure()
      return try await engine.store.submit(oneOffs, owner: owner(), now: engine.now().wall)
    }
  }

  /// The lease under which immediate events are made, when there is room for them here and now.
  private func owner() -> AgentLease? {
    let hasRoom = engine.core.withLock { core in
      !core.isHalted && core.gate.closed(now: engine.now().elapsed) == nil
        && core.loaded < engine.configuration.maximumLoaded
    }
    return hasRoom ? engine.heldLease : nil
  }
}
