import EventModel
import GRPCCore
import GRPCProtobuf
import Store

/// The one mapping from what can go wrong inside to what a caller is told (google.aip.dev/193).
enum Failure {
  /// `ErrorInfo.domain` of every error.
  static let domain = "carillon"
  /// Clients bound an answer's headers to 8 KiB by default (gRPC's `grpc.max_metadata_size`); the details are among
  /// them, in base64.
  static let maximumViolationBytes = 3_500
  static let maximumViolations = 20
  static let maximumFieldBytes = 96
  static let maximumDescriptionBytes = 160
  static let maximumMessageBytes = 480

  /// What a caller is told of an error; nil for one that is none of its business.
  static func status(of error: any Error, resource: ResourceName? = nil) -> GoogleRPCStatus? {
    switch error {
    case let error as GoogleRPCStatus: error
    case let error as ModelError: invalid(error)
    case let error as StoreError: store(error, resource: resource)
    case let error as PluginOperationError: plugin(error, resource: resource)
    default: nil
    }
  }

  /// Fields at fault.
  static func invalid(_ error: ModelError) -> GoogleRPCStatus {
    let fitting = shown(error.violations, maximumBytes: maximumViolationBytes)
    var details = fitting.map { ErrorDetails.BadRequest.FieldViolation(field: $0.field, description: $0.message) }
    if fitting.count < error.violations.count {
      details.append(.init(field: "", description: "and \(error.violations.count - fitting.count) more faults"))
    }
    return make(
      .invalidArgument, "INVALID_ARGUMENT", error.description, details: [.badRequest(violations: details)])
  }

  /// As many faults as fit, each cut to a length for people.
  static func shown(_ violations: [ModelError.Violation], maximumBytes: Int) -> [ModelError.Violation] {
    var result: [ModelError.Violation] = []
    var bytes = 0
    for violation in violations.prefix(maximumViolations) {
      let field = cut(violation.field, maximumFieldBytes)
      let message = cut(violation.message, maximumDescriptionBytes)
      bytes += field.utf8.count + message.utf8.count
      if bytes > maximumBytes { break }
      result.append(.init(field: field, message: message))
    }
    return result
  }

  /// One field at fault.
  static func invalid(_ field: String, _ message: String) -> GoogleRPCStatus {
    invalid(ModelError(field: field, message))
  }

  /// Something that is not there. `hint` says what is.
  static func notFound(_ name: ResourceName, hint: String = "") -> GoogleRPCStatus {
    notFound(name, message: "there is no \(name.kind.noun) \(name.text)" + hint)
  }

  /// The same in other words: where something else is missing that it needs.
  static func notFound(_ name: ResourceName, message: String) -> GoogleRPCStatus {
    resource(.notFound, "NOT_FOUND", name, message)
  }

  /// The etag that came does not match.
  static func etagMismatch(_ name: ResourceName) -> GoogleRPCStatus {
    resource(
      .aborted, "ETAG_MISMATCH", name, "\(name.text) was changed meanwhile: get it again, and repeat the change on that"
    )
  }

  /// It is too late, or its state forbids it.
  static func precondition(
    _ reason: String, _ message: String, metadata: [String: String] = [:]
  ) -> GoogleRPCStatus {
    make(.failedPrecondition, reason, message, metadata: metadata)
  }

  /// Makes a status with `ErrorInfo` first.
  static func make(
    _ code: RPCError.Code, _ reason: String, _ message: String, metadata: [String: String] = [:],
    details: [ErrorDetails] = []
  ) -> GoogleRPCStatus {
    let info = ErrorDetails.errorInfo(reason: reason, domain: domain, metadata: metadata)
    return GoogleRPCStatus(code: code, message: cut(message, maximumMessageBytes), details: [info] + details)
  }

  private static func resource(
    _ code: RPCError.Code, _ reason: String, _ name: ResourceName, _ message: String
  ) -> GoogleRPCStatus {
    let text = cut(message, maximumDescriptionBytes)
    let info = ErrorDetails.resourceInfo(type: name.kind.typeName, name: name.text, errorDescription: text)
    return make(code, reason, message, details: [info])
  }

  private static func store(_ error: StoreError, resource name: ResourceName?) -> GoogleRPCStatus {
    switch error.code {
    case .invalid where !error.violations.isEmpty: return invalid(ModelError(violations: error.violations))
    case .notFound:
      return name.map { notFound($0) } ?? make(.notFound, "NOT_FOUND", error.message)
    case .alreadyExists:
      guard let name else { return make(.alreadyExists, "ALREADY_EXISTS", error.message) }
      return resource(.alreadyExists, "ALREADY_EXISTS", name, "\(name.text) exists already")
    case .conflict:
      return name.map { etagMismatch($0) } ?? make(.aborted, "ETAG_MISMATCH", error.message)
    case .unavailable:
      return make(.unavailable, reason(error.code), error.message, details: [.retryInfo(delay: .seconds(1))])
    default:
      return make(code(error.code), reason(error.code), error.message)
    }
  }

  private static func code(_ code: StoreError.Code) -> RPCError.Code {
    switch code {
    case .notFound: .notFound
    case .alreadyExists: .alreadyExists
    case .conflict: .aborted
    case .invalid: .invalidArgument
    case .failedPrecondition: .failedPrecondition
    case .fenced, .locked, .unavailable: .unavailable
    case .full: .resourceExhausted
    case .corrupt: .dataLoss
    case .unknown: .unknown
    }
  }

  private static func reason(_ code: StoreError.Code) -> String {
    switch code {
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .conflict: "ETAG_MISMATCH"
    case .invalid: "INVALID_ARGUMENT"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .fenced: "AGENT_FENCED"
    case .locked: "STORE_LOCKED"
    case .full: "STORE_FULL"
    case .unavailable: "STORE_UNAVAILABLE"
    case .corrupt: "STORE_CORRUPT"
    case .unknown: "OUTCOME_UNKNOWN"
    }
  }

  /// The text, or as much of it as fits, in whole characters.
  static func cut(_ text: String, _ bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var kept = ""
    var size = 0
    for character in text {
      size += String(character).utf8.count
      if size > bytes - 3 { break }
      kept.append(character)
    }
    return kept + "..."
  }
}
