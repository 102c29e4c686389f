/// The one error of `ctl`: what happened, which field, what to do next.
struct CtlError: Error, Sendable {
  /// What kind of failure it is; decides the exit status.
  enum Code: String, Sendable, CaseIterable {
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
    var exitStatus: ExitStatus {
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
  struct Violation: Sendable, Hashable {
    /// The field, as the reader wrote or would write it.
    var field: String
    var reason: String
  }

  var code: Code
  /// What happened, one sentence without a full stop.
  var message: String
  var violations: [Violation]
  /// What the reader can do next.
  var hint: String?
  /// The server's stable reason (google.rpc.ErrorInfo), if it gave one.
  var reason: String?
  var cause: (any Error)?
  /// The agent of a fleet that it is about.
  var agent: String?

  /// An error.
  init(
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

  /// The faults that the sentence does not tell already.
  var untoldViolations: [Violation] {
    violations.filter { !message.contains("\($0.field): \($0.reason)") }
  }

  /// An argument or a field that is wrong.
  static func invalid(_ field: String, _ reason: String, hint: String? = nil) -> CtlError {
    CtlError(.invalidArgument, "\(field): \(reason)", hint: hint)
  }
}

extension CtlError: CustomStringConvertible {
  var description: String { ErrorText.plain(self) }
}
