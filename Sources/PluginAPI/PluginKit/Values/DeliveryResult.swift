/// How an attempt ended. The numbers are the ABI's.
public enum Outcome: Int32, Sendable, Hashable, CaseIterable {
  /// The other side took it.
  case delivered = 1
  /// May work later; uses up an attempt.
  case retry = 2
  /// Will never work: to the dead letters.
  case permanent = 3
  /// Refused for its rate: later, uses up no attempt.
  case throttled = 4
  /// The host asked to cancel, and nothing was sent.
  case cancelled = 5
  /// This address is gone for good: stop sending to it.
  case endpointDisabled = 6
  /// The whole sink is gone, or its credentials are void.
  case sinkDisabled = 7
  /// Sent, and no answer: it may have arrived.
  case unknown = 8
}

/// What became of a delivery.
public struct DeliveryResult: Sendable, Hashable {
  /// How the attempt ended.
  public var outcome: Outcome
  /// The wait that the other side named; zero when none.
  public var retryAfterMilliseconds: UInt64
  /// Stable and short, e.g. "http-503"; the host keeps 64 bytes.
  public var code: String
  /// For people; the host keeps 1,024 bytes. Never a secret.
  public var detail: String
  /// The other side's id for it; the host keeps 256 bytes.
  public var receipt: String
  /// Given back with the next attempt; at most 16 KiB.
  public var carry: String

  /// A result.
  public init(
    _ outcome: Outcome, retryAfterMilliseconds: UInt64 = 0, code: String = "", detail: String = "",
    receipt: String = "", carry: String = ""
  ) {
    self.outcome = outcome
    self.retryAfterMilliseconds = retryAfterMilliseconds
    self.code = code
    self.detail = detail
    self.receipt = receipt
    self.carry = carry
  }
}

/// The end of one delivery.
public struct Completion: Sendable, Hashable {
  /// Which one.
  public var ticket: Ticket
  /// What became of it.
  public var result: DeliveryResult

  /// The end of one delivery.
  public init(_ ticket: Ticket, _ result: DeliveryResult) {
    self.ticket = ticket
    self.result = result
  }
}

/// What the host says to a batch of completions.
public enum CompletionAnswer: Sendable, Hashable {
  /// All were taken.
  case taken
  /// At least one ticket was completed before or never existed; it was ignored, the others were taken.
  case someStale
  /// None was taken, for this reason.
  case refused(PluginError.Status)
}
