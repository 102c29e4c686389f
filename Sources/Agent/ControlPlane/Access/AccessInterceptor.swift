import GRPCCore
import GRPCProtobuf
import Synchronization

/// Between every call and its handler: who calls, whether it may, for this request too, and for as long as the call goes on.
/// The one place that decides; it goes by the roles that the protos declare.
struct AccessInterceptor: ServerInterceptor {
  let gatekeeper: Gatekeeper
  /// Whether calls come from within this program, and not over a listener.
  let isInProcess: Bool

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next: @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let method = context.descriptor.fullyQualifiedMethod
    let rule = MethodRule.of(method)
    var request = request
    if rule == .everybody {
      if !isInProcess { try gatekeeper.limitAddress(try gatekeeper.facts(request.metadata)) }
      Self.strip(&request.metadata)
      return try await next(request, context)
    }
    guard let state = context.call else { throw Refusal.undeclared(method) }
    let credentials = try await credentials(request.metadata)
    let caller = try await gatekeeper.admit(credentials)
    guard let rule else { throw Refusal.undeclared(method) }
    state.know(caller)
    try Permission.check(caller, rule, reach: .unknownYet, method: method)
    Self.strip(&request.metadata)
    let call = OpenCall(
      gatekeeper, credentials: credentials, method: method, rule: rule, state: state, cancellation: context.cancellation
    )
    gatekeeper.directory.add(call)
    request.messages = Self.checked(request.messages, call)
    let response = try await next(request, context)
    return Self.watched(response, call, state, context)
  }

  private func credentials(_ metadata: Metadata) async throws -> Credentials {
    guard !isInProcess else { return Credentials() }
    do {
      return try gatekeeper.credentials(metadata)
    } catch {
      try await gatekeeper.slowDown(try? gatekeeper.facts(metadata))
      throw error
    }
  }

  /// Handlers have no use for secrets, nor for marks.
  private static func strip(_ metadata: inout Metadata) {
    metadata.removeAllValues(forKey: "authorization")
    metadata.removeAllValues(forKey: StreamMark.name)
  }

  /// The messages, each looked at before the handler gets it.
  private static func checked<Input: Sendable>(
    _ messages: RPCAsyncSequence<Input, any Error>, _ call: OpenCall
  ) -> RPCAsyncSequence<Input, any Error> {
    let reader = ReachReader()
    return RPCAsyncSequence(
      wrapping: messages.map { message in
        try call.check(reader.reach(of: message))
        return message
      })
  }

  /// The answer, whose work is cut off when the call is ended from outside.
  private static func watched<Output: Sendable>(
    _ response: StreamingServerResponse<Output>, _ call: OpenCall, _ state: CallState, _ context: ServerContext
  ) -> StreamingServerResponse<Output> {
    guard case .success(let contents) = response.accepted else { return response }
    let producer = contents.producer
    let isStream = context.descriptor.type?.isResponseStreaming ?? true
    return StreamingServerResponse(metadata: contents.metadata) { writer in
      // Also keeps the call watched over until it has ended.
      defer { withExtendedLifetime(call) {} }
      guard isStream else { return try await producer(writer) }
      return try await withThrowingTaskGroup(of: Metadata?.self) { group in
        group.addTask { try await producer(writer) }
        group.addTask {
          // Cancellation of the call from elsewhere is its handler's to tell.
          try? await context.cancellation.cancelled
          if let refusal = state.refusal { throw refusal }
          return nil
        }
        defer { group.cancelAll() }
        while let end = try await group.next() {
          if let trailers = end { return trailers }
        }
        throw CancellationError()
      }
    }
  }
}

/// Which namespaces the messages of one call are about. Of a stream, messages after the first may leave it out: they are
/// about what the first one said.
final class ReachReader: Sendable {
  private let first = Mutex<RequestReach?>(nil)

  func reach(of message: some Sendable) -> RequestReach {
    let reach = RequestNamespaces.reach(of: message)
    return first.withLock { first in
      if let first, reach == .untold { return first }
      first = first ?? reach
      return reach
    }
  }
}
