import EventModel
import GRPCCore
import GRPCProtobuf
import Logging
import Store

/// Around every call: its bounds, its line in the log, its count, and the one translation of errors.
struct CallInterceptor: ServerInterceptor {
  /// Calls that may take longer than a unary call: they have a bound of their own.
  private static let longCalls: Set<String> = ["DrainAgent", "DrainQueue", "EraseUser", "VerifyAudit"]

  let limits: ControlPlaneLimits
  let clock: any Clock<Duration>
  let observer: any ControlPlaneObserver
  let logger: Logger

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next: @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    var context = context
    let state = CallState()
    context.transportSpecific = state
    let around = context
    let call = Call(context: context, state: state, observer: observer, logger: logger)
    do {
      let response = try await bounded(around, state) { try await next(request, around) }
      switch response.accepted {
      case .failure(let error): throw Self.original(error)
      case .success(let contents):
        let producer = contents.producer
        // A streaming handler does its work in the producer; its errors come out here.
        return StreamingServerResponse(metadata: contents.metadata) { writer in
          do {
            let trailers = try await producer(writer)
            call.end(nil)
            return trailers
          } catch {
            throw call.fail(error)
          }
        }
      }
    } catch {
      throw call.fail(error)
    }
  }

  /// What an interceptor or a handler further in threw. Between two interceptors gRPC turns every error that it does not
  /// know into UNKNOWN without a word, and keeps it as its cause.
  private static func original(_ error: RPCError) -> any Error {
    error.code == .unknown && error.message.isEmpty ? error.cause ?? error : error
  }

  private enum Race<Answer: Sendable>: Sendable {
    case answered(Answer)
    case timedOut
    case cancelled
  }

  /// Runs a handler until it answers, the caller goes, or the time is up; then it is cancelled and waited for.
  private func bounded<Answer: Sendable>(
    _ context: ServerContext, _ state: CallState, _ body: @Sendable () async throws -> Answer
  ) async throws -> Answer {
    let deadline =
      Self.longCalls.contains(context.descriptor.method)
      ? .seconds(limits.maximumDrainSeconds) + limits.unaryDeadline : limits.unaryDeadline
    return try await withoutActuallyEscaping(body) { body in
      try await withThrowingTaskGroup(of: Race<Answer>.self) { group in
        group.addTask { .answered(try await body()) }
        group.addTask {
          try await clock.sleep(for: deadline)
          return .timedOut
        }
        group.addTask {
          try await context.cancellation.cancelled
          return .cancelled
        }
        defer { group.cancelAll() }
        switch try await group.next() {
        case .answered(let answer): return answer
        case .timedOut:
          throw Failure.make(
            .deadlineExceeded, "DEADLINE_EXCEEDED", "took over \(deadline.components.seconds) s; it may have been done")
        // Who is no longer allowed is told so; see ``OpenCall``.
        case .cancelled, nil: throw state.refusal ?? CancellationError()
        }
      }
    }
  }
}

/// One call under way.
private struct Call: Sendable {
  let method: String
  let peer: String
  let cancellation: ServerContext.RPCCancellationHandle
  let state: CallState
  let observer: any ControlPlaneObserver
  let logger: Logger
  let started = ContinuousClock.now

  init(context: ServerContext, state: CallState, observer: any ControlPlaneObserver, logger: Logger) {
    method = context.descriptor.fullyQualifiedMethod
    peer = String(context.remotePeer.prefix { $0 != ":" })
    cancellation = context.cancellation
    self.state = state
    self.observer = observer
    self.logger = logger
  }

  /// Logs and counts the end; nil stands for OK.
  /// - Parameter isTransports: whether the transport found the request spoiled, which is no fault of the agent,
  ///   whatever it calls it.
  func end(_ code: RPCError.Code?, isTransports: Bool = false) {
    let duration = ContinuousClock.now - started
    let name = code.map(StatusName.of) ?? "OK"
    observer.callEnded(method: method, code: name, duration: duration)
    logger.log(
      level: isTransports ? .info : level(code), "call",
      metadata: [
        "method": "\(method)", "code": "\(name)", "peer": "\(peer)", "caller": "\(state.caller?.identity ?? "unknown")",
        "duration_ms":
          "\(duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000)",
      ])
  }

  /// What the caller is told of an error. What is none of its business is logged, and told as INTERNAL.
  func fail(_ error: any Error) -> RPCError {
    let told = translate(state.refusal ?? error)
    end(told.code, isTransports: state.refusal == nil && error is RPCError)
    return told
  }

  private func translate(_ error: any Error) -> RPCError {
    if let status = Failure.status(of: error) {
      if let error = error as? StoreError, let cause = error.cause {
        logger.warning("store", metadata: ["method": "\(method)", "error": "\(error)", "cause": "\(cause)"])
      }
      return Self.rpcError(status)
    }
    if let error = error as? RPCError { return error }
    // Who writes to a caller that has gone gets whatever error the transport has for it.
    if error is CancellationError || cancellation.isCancelled {
      return Self.rpcError(Failure.make(.cancelled, "CANCELLED", "the call was cancelled; it may have been done"))
    }
    logger.error("unexpected", metadata: ["method": "\(method)", "error": "\(error)"])
    return Self.rpcError(
      Failure.make(.internalError, "INTERNAL", "the agent failed at this call; its log says why"))
  }

  private static func rpcError(_ status: GoogleStatus) -> RPCError {
    RPCError(code: status.code, message: status.message, metadata: status.rpcErrorMetadata)
  }

  private func level(_ code: RPCError.Code?) -> Logger.Level {
    switch code {
    case .internalError, .dataLoss, .unknown: .error
    case nil: isRead ? .debug : .info
    default: .info
    }
  }

  private var isRead: Bool {
    let name = method.split(separator: "/").last ?? ""
    return ["Get", "List", "Explain", "Watch", "Verify", "Preview"].contains { name.hasPrefix($0) }
  }
}

/// gRPC's names of status codes, as metrics and logs elsewhere have them.
enum StatusName {
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  static func of(_ code: RPCError.Code) -> String {
    names.indices.contains(code.rawValue) ? names[code.rawValue] : "UNKNOWN"
  }
}
