public import EventModel

/// Why a store could not do what it was asked. Nothing was changed, unless `code` is `.unknown`.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// The named thing does not exist.
    case notFound
    /// A thing of that name exists.
    case alreadyExists
    /// It was changed meanwhile: the revision does not match.
    case conflict
    /// A value breaks a rule; `violations` says which.
    case invalid
    /// It is in use, or in a state that forbids this.
    case failedPrecondition
    /// The caller's lease ended, or another epoch began: it owns nothing any more.
    case fenced
    /// Another process has the store open.
    case locked
    /// No room on the disk.
    case full
    /// The store cannot be reached or answered with a passing fault; try again.
    case unavailable
    /// The stored data is damaged, or of a newer version than this program knows.
    case corrupt
    /// It is not known whether the change was made.
    case unknown
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people; no secret in it.
  public var message: String
  /// The fields at fault, for `.invalid`.
  public var violations: [ModelError.Violation]
  /// What led to it.
  public var cause: (any Error)?

  /// Makes an error.
  public init(
    _ code: Code, _ message: String, violations: [ModelError.Violation] = [], cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.violations = violations
    self.cause = cause
  }

  /// An invalid value.
  public init(_ error: ModelError) {
    self.init(.invalid, error.description, violations: error.violations)
  }

  /// `code: message`.
  public var description: String { "\(code.rawValue): \(message)" }
}
