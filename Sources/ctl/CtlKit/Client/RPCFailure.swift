import GRPCCore
import GRPCProtobuf

/// The one mapping from what an RPC fails with to what `ctl` says.
enum RPCFailure {
  static func error(_ failure: any Error) -> CtlError {
    switch failure {
    case let error as CtlError: error
    case let error as RPCError: self.error(error)
    case is CancellationError: CtlError(.failed, "interrupted")
    default: CtlError(.failed, "the call failed: \(failure)", cause: failure)
    }
  }

  private static func error(_ failure: RPCError) -> CtlError {
    var result = CtlError(code(failure.code), message(failure), hint: hint(failure), cause: failure)
    // Details that cannot be unpacked only make the message poorer.
    guard let status = try? failure.unpackGoogleRPCStatus() else { return result }
    for detail in status.details {
      for violation in detail.badRequest?.violations ?? [] {
        result.violations.append(.init(field: violation.field, reason: violation.violationDescription))
      }
      for violation in detail.preconditionFailure?.violations ?? [] {
        result.violations.append(.init(field: violation.subject, reason: violation.violationDescription))
      }
      if let info = detail.errorInfo { result.reason = info.reason }
      if let resource = detail.resourceInfo, failure.code == .notFound {
        result.hint = listHint(resource.name) ?? result.hint
      }
    }
    return result
  }

  private static func message(_ failure: RPCError) -> String {
    switch failure.code {
    case .unavailable where failure.cause != nil: "the agent cannot be reached: \(failure.message)"
    case .deadlineExceeded: "the agent did not answer in time"
    default: failure.message.isEmpty ? "the agent answered \(failure.code)" : failure.message
    }
  }

  private static func code(_ code: RPCError.Code) -> CtlError.Code {
    switch code {
    case .invalidArgument, .outOfRange: .invalidArgument
    case .notFound: .notFound
    case .alreadyExists, .aborted, .failedPrecondition: .conflict
    case .permissionDenied, .unauthenticated: .notAllowed
    case .unavailable: .unreachable
    case .deadlineExceeded: .timeout
    case .unimplemented: .unsupported
    default: .failed
    }
  }

  private static func hint(_ failure: RPCError) -> String? {
    switch failure.code {
    // Without a cause it is the agent that answers so: it runs, and says what it lacks.
    case .unavailable where failure.cause != nil: "see that the agent runs: ctl agent status"
    case .deadlineExceeded: "give it more time with --timeout"
    case .alreadyExists: "change it with update, or choose another id"
    case .aborted: "it has changed meanwhile: get it again, then repeat the change"
    case .unimplemented: "agent and ctl are of different versions: compare ctl --version and ctl agent status"
    case .resourceExhausted: "wait a little, then try again"
    default: nil
    }
  }

  /// Where to look for what was not found.
  private static func listHint(_ name: String) -> String? {
    let parts = name.split(separator: "/")
    guard parts.count >= 2, let kind = ResourceKind(rawValue: String(parts[parts.count - 2])) else { return nil }
    let flag = kind.isNamespaced ? " --namespace \(parts[1])" : ""
    return "see what there is: ctl \(kind.singular) list\(flag)"
  }
}
