import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// gRPC's transport over an ``AgentListener``. Calls of methods that nobody serves pass no interceptor, so that they are
/// looked at here: only who is known learns that a method is not there.
final class AgentTransport: ServerTransport {
  typealias Bytes = GRPCNIOTransportBytes

  private let inner: HTTP2ServerTransport.Custom<AgentListener>
  private let gatekeeper: Gatekeeper
  private let methods = Mutex<Set<String>>([])

  init(
    _ listener: AgentListener, config: HTTP2ServerTransport.Custom<AgentListener>.Config, gatekeeper: Gatekeeper
  ) {
    inner = HTTP2ServerTransport.Custom(listenerFactory: listener, config: config)
    self.gatekeeper = gatekeeper
  }

  /// The port that it is bound to, once it is; nil for a Unix socket, and when it has stopped.
  var port: Int? {
    get async {
      guard let address = await inner.listeningAddress else { return nil }
      return address.ipv4?.port ?? address.ipv6?.port
    }
  }

  func configure(context: GRPCServerContext) {
    methods.withLock { $0 = Set(context.methods.map(\.fullyQualifiedMethod)) }
    inner.configure(context: context)
  }

  func listen(
    streamHandler: @escaping @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
  ) async throws {
    let known = methods.withLock { $0 }
    try await inner.listen { [gatekeeper] stream, context in
      guard !known.contains(context.descriptor.fullyQualifiedMethod) else {
        return await streamHandler(stream, context)
      }
      let error = await Self.refusal(of: stream, gatekeeper)
      // A stream that cannot be written to is closed; there is nobody to tell.
      try? await stream.outbound.write(.status(Status(code: .init(error.code), message: error.message), error.metadata))
      await stream.outbound.finish()
    }
  }

  private static func refusal(of stream: RPCStream<Inbound, Outbound>, _ gatekeeper: Gatekeeper) async -> RPCError {
    var metadata: Metadata = [:]
    do {
      for try await part in stream.inbound {
        if case .metadata(let first) = part { metadata = first }
        break
      }
    } catch {
      return RPCError(code: .cancelled, message: "the call was cut off")
    }
    return await gatekeeper.refusalOfUnknownMethod(metadata)
  }

  func beginGracefulShutdown() { inner.beginGracefulShutdown() }
}
