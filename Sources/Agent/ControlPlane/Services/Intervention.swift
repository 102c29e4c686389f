import EventModel
import GRPCCore
import Store

/// What became of asking that an event be cancelled or moved: waits for its owner's answer, if it has an owner.
struct Intervention {
  /// Longest reason, in bytes.
  static let maximumReasonBytes = 200

  let environment: Environment
  let name: ResourceName
  /// `cancel`, `move`.
  let verb: String
  /// Outcomes that are as good as done: who cancels what is cancelled gets what was asked for.
  let asGood: Set<Outcome>

  /// Returns when it is done.
  /// - Throws: FAILED_PRECONDITION when it was too late, DEADLINE_EXCEEDED when the owner did not answer in time.
  func settle(_ result: InterventionResult) async throws {
    switch result {
    case .done: return
    case .settled(let outcome): try refuse(outcome)
    case .asked(let command): try await wait(for: command)
    }
  }

  private func wait(for command: Int64) async throws {
    let limits = environment.limits
    var waited = Duration.zero
    var pause = limits.commandPause
    while true {
      switch try await environment.store.commandAnswer(command) {
      case .done: return
      case .tooLate(let outcome): return try refuse(outcome)
      case .open: break
      }
      guard waited < limits.commandWait else { throw unanswered(after: waited) }
      try await environment.clock.sleep(for: pause)
      waited += pause
      pause = min(pause * 2, limits.commandPauseCap)
    }
  }

  private func refuse(_ outcome: Outcome?) throws {
    if let outcome, asGood.contains(outcome) { return }
    let what = outcome.map { "it is \(Self.past($0)) already" } ?? "its send has begun"
    throw Failure.precondition(
      "TOO_LATE", "too late to \(verb) \(name.text): \(what)", metadata: ["outcome": outcome?.rawValue ?? "sending"])
  }

  private func unanswered(after waited: Duration) -> any Error {
    Failure.make(
      .deadlineExceeded, "OUTCOME_UNKNOWN_YET",
      "the agent that owns \(name.text) has not answered within \(waited.components.seconds) s; "
        + "the \(verb) is asked for and may still be done: look at the event again")
  }

  private static func past(_ outcome: Outcome) -> String {
    switch outcome {
    case .dead: "failed for good"
    case .retry, .deferred, .delivered, .merged, .cancelled, .expired, .skipped, .moved: outcome.rawValue
    }
  }
}
