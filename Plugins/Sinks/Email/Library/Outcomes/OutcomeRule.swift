import PluginKit0
import SMTPTransport

/// One row of the table of outcomes.
struct OutcomeRule: Sendable, Hashable {
  /// What happened.
  enum Cause: Sendable, Hashable {
    /// The server replied to one of these with one of these codes.
    case reply([SMTPStage], [ClosedRange<Int>])
    /// There is no answer for one of these reasons, before or after all of the mail was handed over.
    case noAnswer([SMTPFailure.Reason], isContentSent: Bool)
    /// The mail cannot be written.
    case unsendable([String])
  }

  /// When the next attempt may be.
  enum Wait: Sendable, Hashable {
    case never
    /// After so many minutes, doubled with each attempt up to an hour.
    case doubling(minutes: UInt64)
    /// After so many minutes each time.
    case always(minutes: UInt64)
  }

  /// What the code begins with before a reply's number, or before the reason.
  var prefix = ""
  let cause: Cause
  let outcome: Outcome
  let wait: Wait

  init(_ cause: Cause, _ outcome: Outcome, _ prefix: String = "", _ wait: Wait = .never) {
    self.cause = cause
    self.outcome = outcome
    self.prefix = prefix
    self.wait = wait
  }

  func covers(_ reply: SMTPReply, at stage: SMTPStage) -> Bool {
    guard case .reply(let stages, let codes) = cause else { return false }
    return stages.contains(stage) && codes.contains { $0 ~= reply.code }
  }

  func covers(_ failure: SMTPFailure) -> Bool {
    guard case .noAnswer(let reasons, let isContentSent) = cause else { return false }
    return isContentSent == failure.isContentSent && reasons.contains(failure.reason)
  }

  /// The wait that a server's "later" means, in milliseconds; 0: none.
  func waitMilliseconds(attempt: Int) -> UInt64 {
    let minute: UInt64 = 60_000
    return switch wait {
    case .never: 0
    case .always(let minutes): minutes * minute
    case .doubling(let minutes): min(minutes * minute << UInt64(min(max(attempt - 1, 0), 10)), 60 * minute)
    }
  }
}
