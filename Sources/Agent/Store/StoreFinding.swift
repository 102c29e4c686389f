/// One thing that a look at the store found, for an administrator.
public struct StoreFinding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// As it should be.
    case ok
    /// It works, and will not for ever.
    case warning
    /// Something does not work, or soon will not.
    case problem
  }

  /// How bad it is.
  public var severity: Severity
  /// What was looked at: `partitions`, `vacuum`, `claims`.
  public var check: String
  /// What was found, in a sentence.
  public var message: String
  /// What to do about it; empty when nothing is to be done.
  public var advice: String

  /// Makes a finding.
  public init(_ severity: Severity, _ check: String, _ message: String, advice: String = "") {
    self.severity = severity
    self.check = check
    self.message = message
    self.advice = advice
  }
}
