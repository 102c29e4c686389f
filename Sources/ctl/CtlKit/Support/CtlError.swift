/// The one error of `ctl`: what happened, which field, what to do next.
public struct CtlError: Error, Sendable {
  /// What kind of failure it is; decides the exit status.
  public enum Code: String, Sendable, CaseIterable {
    case failed
    case unreachable
    case notAllowed = "not-allowed"
    case notFound = "not-found"
    case conflict
    case timeout
    case partial
    case invalidArgument = "invalid-argument"
    case unsupported

    /// The exit status of a command that ends with it.
    public var exitStatus: ExitStatus {
      switch self {
      case .failed, .unsupported: .failed
      case .unreachable: .unreachable
      case .notAllowed: .notAllowed
      case .notFound: .notFound
      case .conflict: .conflict
      case .timeout: .timeout
      case .partial: .partial
      case .invalidArgument: .usage
      }
    }
  }

  /// One faulty field.
  public struct Violation: Sendable, Hashable {
    /// The field, as the reader wrote or would write it.
    public var field: String
    public var reason: String

    /// A violation.
    public init(field: String, reason: String) {
      self.field = field
      self.reason = reason
    }
  }

  public var code: Code
  /// What happened, one sentence without a full stop.
  public var message: String
  public var violations: [Violation]
  /// What the reader can do next.
  public var hint: String?
  /// The server's stable reason (google.rpc.ErrorInfo), if it gave one.
  public var reason: String?
  public var cause: (any Error)?

  /// An error.
  public init(
    _ code: Code, _ message: String, violations: [Violation] = [], hint: String? = nil, reason: String? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.violations = violations
    self.hint = hint
    self.reason = reason
    self.cause = cause
  }

  /// An argument or a field that is wrong.
  static func invalid(_ field: String, _ reason: String, hint: String? = nil) -> CtlError {
    CtlError(.invalidArgument, "\(field): \(reason)", hint: hint)
  }
}

extension CtlError: CustomStringConvertible {
  public var description: String { ErrorText.plain(self) }
}
