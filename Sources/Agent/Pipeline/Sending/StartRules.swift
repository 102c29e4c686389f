import EventModel

/// Whether a loaded event is sent at all. Pure.
enum StartRules {
  /// What becomes of it.
  enum Verdict: Hashable, Sendable {
    /// It waits for its time, or is sent.
    case send
    /// It is closed without a send.
    case close(Outcome, code: String, detail: String)
  }

  /// Judges an event as it comes into memory: paused, expired, or missed while nobody had it.
  static func onLoad(_ event: LoadedEvent, queue: Queue, now: Timestamp) -> Verdict {
    if isExpired(event, queue, now) { return expired }
    if event.isPaused {
      return .close(.skipped, code: SkipReason.paused.rawValue, detail: "its schedule or user is paused or deleted")
    }
    // A retry or a deferral was in time once, and what is replayed was too; only what nobody ever took up is missed.
    let isFirst = event.attempt <= 1 && event.hop == 0 && event.firstAttemptAt == nil
    guard isFirst, event.expiresFrom == nil else { return .send }
    return missed(event.catchUp, lateness: now - event.dueAt, superseded: event.isSuperseded)
  }

  /// Judges an event whose send is about to start.
  static func onStart(_ event: LoadedEvent, queue: Queue, now: Timestamp) -> Verdict {
    isExpired(event, queue, now) ? expired : .send
  }

  /// What a catch-up policy makes of a missed occurrence.
  static func missed(_ policy: CatchUp, lateness: TimeSpan, superseded: Bool) -> Verdict {
    switch policy.verdict(lateness: lateness, superseded: superseded) {
    case .send: .send
    case .skip(let reason):
      .close(.skipped, code: reason.rawValue, detail: "missed by \(lateness.seconds) s")
    case .merge: .close(.merged, code: "catch-up-merge", detail: "missed by \(lateness.seconds) s")
    }
  }

  private static let expired = Verdict.close(.expired, code: "expired", detail: "its queue's expiry passed")

  /// A replayed dead letter has its queue's expiry once more, from the replay on.
  private static func isExpired(_ event: LoadedEvent, _ queue: Queue, _ now: Timestamp) -> Bool {
    now > (event.expiresFrom ?? event.dueAt) + queue.expiresAfter
  }
}

extension TimeSpan {
  /// Whole seconds, rounded towards zero.
  var seconds: Int64 { microseconds / 1_000_000 }
}
