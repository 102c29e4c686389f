import GRPCCore

/// Shows a bearer token with every call (RFC 6750, section 2.1).
struct TokenInterceptor: ClientInterceptor {
  let token: Credentials.Token

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>, context: ClientContext,
    next: (StreamingClientRequest<Input>, ClientContext) async throws -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    var request = request
    request.metadata.replaceOrAddString("Bearer \(token.secret)", forKey: "authorization")
    return try await next(request, context)
  }
}
