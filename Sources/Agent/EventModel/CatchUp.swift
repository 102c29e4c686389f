/// What a schedule does with occurrences that were missed while nothing ran.
public struct CatchUp: Hashable, Sendable, Codable {
  /// Which of the missed occurrences inside the window are sent.
  public enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Every one, oldest first.
    case all
    /// The newest only; the others are closed as skipped.
    case latest
    /// None.
    case skip
    /// The newest, and the others are merged into it.
    case merge
  }

  /// Which of them are sent.
  public var mode: Mode
  /// How late an occurrence may be and still be sent; nil: until its queue's expiry.
  public var window: TimeSpan?

  /// Makes a policy.
  public init(mode: Mode, window: TimeSpan?) {
    self.mode = mode
    self.window = window
  }

  /// An event counts as missed when nobody had taken it up this long after it was due. Below that it is merely late.
  public static let missedAfter = TimeSpan.seconds(60)

  /// The policy of an event type that names none.
  public static func standard(eventType: String) -> CatchUp {
    switch eventType {
    case "birthday", "anniversary": CatchUp(mode: .latest, window: .hours(24))
    case "reminder": CatchUp(mode: .latest, window: .hours(1))
    default: CatchUp(mode: .all, window: nil)
    }
  }

  /// What becomes of one missed occurrence.
  public enum Verdict: Hashable, Sendable {
    /// It is sent, and marked as late.
    case send
    /// It is closed as skipped, for this reason.
    case skip(reason: SkipReason)
    /// It is closed as merged into the newest one.
    case merge
  }

  /// Judges one missed occurrence.
  /// - Parameters:
  ///   - lateness: how long ago it was due.
  ///   - superseded: whether a newer occurrence of the same schedule was missed as well.
  public func verdict(lateness: TimeSpan, superseded: Bool) -> Verdict {
    guard lateness >= Self.missedAfter else { return .send }
    if let window, lateness > window { return .skip(reason: .outsideCatchUpWindow) }
    switch mode {
    case .all: return .send
    case .skip: return .skip(reason: .missed)
    case .latest: return superseded ? .skip(reason: .superseded) : .send
    case .merge: return superseded ? .merge : .send
    }
  }
}

/// Why an event was skipped or cancelled: stable codes of the receipt.
public enum SkipReason: String, Hashable, Sendable, Codable {
  /// No subscription wants this event type.
  case noSubscription = "no-subscription"
  /// The user has no address of the kind that the sink needs.
  case noAddress = "no-address"
  /// Missed, and its schedule skips what was missed.
  case missed = "missed"
  /// Missed, and a newer occurrence of the same schedule was missed too.
  case superseded = "superseded"
  /// Missed by more than its schedule's catch-up window.
  case outsideCatchUpWindow = "outside-catch-up-window"
  /// The sink was deleted meanwhile.
  case sinkGone = "sink-gone"
  /// Its schedule or user is paused.
  case paused = "paused"
  /// A person asked to skip this occurrence: it is over for good.
  case requested = "requested"
  /// The planner took it back, because its schedule or user was paused, changed or deleted. Unlike `requested` it says
  /// nothing of the occurrence itself: when it is wanted again it is planned again.
  case withdrawn = "withdrawn"
  /// Its person was erased meanwhile: nothing follows, and nothing of it is kept.
  case erased = "erased"
  /// The store was restored from a backup, and this was to start before that: it may have been sent after the backup was
  /// taken, and is not sent again.
  case restored = "restored"
}
