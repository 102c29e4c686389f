import ControlAPI
import GRPCCore
import SwiftProtobuf

/// Server reflection, in both of its versions: they differ in their names only.
struct ReflectionService: Grpc_Reflection_V1_ServerReflection.SimpleServiceProtocol {
  let pool: DescriptorPool

  func serverReflectionInfo(
    request: RPCAsyncSequence<Grpc_Reflection_V1_ServerReflectionRequest, any Error>,
    response: RPCWriter<Grpc_Reflection_V1_ServerReflectionResponse>, context: ServerContext
  ) async throws {
    try await whileOpen(context) {
      for try await question in request { try await response.write(pool.answer(question)) }
    }
  }
}

/// What older clients speak; grpcio's Python package among them.
struct AlphaReflectionService: Grpc_Reflection_V1alpha_ServerReflection.SimpleServiceProtocol {
  let pool: DescriptorPool

  func serverReflectionInfo(
    request: RPCAsyncSequence<Grpc_Reflection_V1alpha_ServerReflectionRequest, any Error>,
    response: RPCWriter<Grpc_Reflection_V1alpha_ServerReflectionResponse>, context: ServerContext
  ) async throws {
    try await whileOpen(context) {
      for try await question in request {
        // The same on the wire.
        let bytes: [UInt8] = try question.serializedBytes()
        let answer: [UInt8] = try pool.answer(.init(serializedBytes: bytes)).serializedBytes()
        try await response.write(.init(serializedBytes: answer))
      }
    }
  }
}

/// Runs what waits for the client until the call ends otherwise, as when the server stops.
private func whileOpen(_ context: ServerContext, _ body: @escaping @Sendable () async throws -> Void) async throws {
  let cancellation = context.cancellation
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await cancellation.cancelled
      throw CancellationError()
    }
    defer { group.cancelAll() }
    _ = try await group.next()
  }
}

extension DescriptorPool {
  typealias Question = Grpc_Reflection_V1_ServerReflectionRequest
  typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse

  /// What one question is answered.
  func answer(_ question: Question) -> Answer {
    .with {
      $0.validHost = question.host
      $0.originalRequest = question
      $0.messageResponse = response(to: question)
    }
  }

  private func response(to question: Question) -> Answer.OneOf_MessageResponse {
    switch question.messageRequest {
    case .fileByFilename(let name): return descriptors(of: files[name] == nil ? nil : name, "file", name)
    case .fileContainingSymbol(let symbol): return descriptors(of: file(declaring: symbol), "symbol", symbol)
    case .fileContainingExtension(let asked):
      return descriptors(
        of: file(declaringExtension: asked.extensionNumber, of: asked.containingType), "extension",
        "\(asked.extensionNumber) of \(asked.containingType)")
    case .allExtensionNumbersOfType(let type):
      guard let numbers = extensions(of: type) else { return error(.notFound, "there is no message \(type)") }
      return .allExtensionNumbersResponse(
        .with {
          $0.baseTypeName = type
          $0.extensionNumber = numbers
        })
    case .listServices:
      return .listServicesResponse(.with { $0.service = services.map { name in .with { $0.name = name } } })
    case nil: return error(.invalidArgument, "message_request is required")
    }
  }

  private func descriptors(of file: String?, _ noun: String, _ asked: String) -> Answer.OneOf_MessageResponse {
    guard let file else { return error(.notFound, "there is no \(noun) \(Failure.cut(asked, 200))") }
    return .fileDescriptorResponse(.with { $0.fileDescriptorProto = closure(of: file).map(\.value) })
  }

  private func error(_ code: RPCError.Code, _ message: String) -> Answer.OneOf_MessageResponse {
    .errorResponse(
      .with {
        $0.errorCode = Int32(code.rawValue)
        $0.errorMessage = message
      })
  }
}
