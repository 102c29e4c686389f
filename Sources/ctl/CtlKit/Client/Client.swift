import ControlAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// The agent, as commands see it: typed services, one deadline, one mapping of errors.
struct Client: Sendable {
  typealias Transport = HTTP2ClientTransport.Posix

  /// Bytes of an answer that are taken; a page of 1,000 resources stays below.
  static let maxAnswerBytes = 32 * 1024 * 1024

  private let grpc: GRPCClient<Transport>
  private let timeout: Duration?

  var users: Carillon_V1_Users.Client<Transport> { .init(wrapping: grpc) }
  var schedules: Carillon_V1_Schedules.Client<Transport> { .init(wrapping: grpc) }
  var events: Carillon_V1_Events.Client<Transport> { .init(wrapping: grpc) }
  var queues: Carillon_V1_Queues.Client<Transport> { .init(wrapping: grpc) }
  var sinks: Carillon_V1_Sinks.Client<Transport> { .init(wrapping: grpc) }
  var subscriptions: Carillon_V1_Subscriptions.Client<Transport> { .init(wrapping: grpc) }
  var templates: Carillon_V1_Templates.Client<Transport> { .init(wrapping: grpc) }
  var deadLetters: Carillon_V1_DeadLetters.Client<Transport> { .init(wrapping: grpc) }
  var plugins: Carillon_V1_Plugins.Client<Transport> { .init(wrapping: grpc) }
  var agents: Carillon_V1_Agents.Client<Transport> { .init(wrapping: grpc) }
  var access: Carillon_V1_AccessControl.Client<Transport> { .init(wrapping: grpc) }
  var audit: Carillon_V1_Audit.Client<Transport> { .init(wrapping: grpc) }

  /// Connects for as long as `body` runs.
  static func connect<Result: Sendable>(
    to address: AgentAddress, _ credentials: Credentials, timeout: Duration?,
    _ body: (Client) async throws -> Result
  ) async throws(CtlError) -> Result {
    if case .unix(let path) = address { try SocketPath.probe(path) }
    let transport = try TransportSetup.transport(address, credentials)
    let note = ReachNote()
    var interceptors: [any ClientInterceptor] = [note]
    if let token = credentials.token { interceptors.append(TokenInterceptor(token: token)) }
    let done = Mutex<Result?>(nil)
    do {
      return try await withGRPCClient(transport: transport, interceptors: interceptors) { grpc in
        let result = try await body(Client(grpc: grpc, timeout: timeout))
        done.withLock { $0 = result }
        return result
      }
    } catch {
      // What was over before the client had begun to connect makes it fail at its end, when nobody needs it any more.
      if let result = done.withLock({ $0 }) { return result }
      let failure = RPCFailure.error(error)
      throw note.isReached ? failure : await ConnectFailure.explained(failure, address, credentials)
    }
  }

  /// Makes a call that answers once.
  func call<Result>(_ body: (CallOptions) async throws -> Result) async throws(CtlError) -> Result {
    do { return try await body(options(timeout: timeout)) } catch { throw RPCFailure.error(error) }
  }

  /// Any call, as a stream each way.
  /// - Parameter isLong: whether it may go on for as long as it likes.
  func exchange<Input: Sendable, Output: Sendable>(
    _ request: StreamingClientRequest<Input>, _ method: MethodDescriptor, _ serializer: some MessageSerializer<Input>,
    _ deserializer: some MessageDeserializer<Output>, isLong: Bool,
    _ take: @Sendable @escaping (Output) throws -> Void
  ) async throws(CtlError) {
    do {
      try await grpc.bidirectionalStreaming(
        request: request, descriptor: method, serializer: serializer, deserializer: deserializer,
        options: isLong ? streamOptions : callOptions
      ) { response in
        for try await answer in response.messages { try take(answer) }
      }
    } catch {
      throw RPCFailure.error(error)
    }
  }

  /// Options of a call that goes on for long: only the user's own `--timeout` ends it.
  var streamOptions: CallOptions { options(timeout: nil) }

  /// Options of a call that ends by itself.
  var callOptions: CallOptions { options(timeout: timeout) }

  private func options(timeout: Duration?) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = timeout
    options.maxResponseMessageBytes = Self.maxAnswerBytes
    return options
  }
}
