import GRPCCore
import Synchronization

/// Notes that a connection was made: calls get as far as interceptors only on one. What fails before is the connection
/// itself, and is explained; what fails after is the agent's answer.
final class ReachNote: ClientInterceptor {
  private let wasReached = Atomic<Bool>(false)

  var isReached: Bool { wasReached.load(ordering: .relaxed) }

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>, context: ClientContext,
    next: (StreamingClientRequest<Input>, ClientContext) async throws -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    wasReached.store(true, ordering: .relaxed)
    return try await next(request, context)
  }
}
