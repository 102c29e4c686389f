import ControlAPI
import GRPCCore
import GRPCNIOTransportHTTP2Posix

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

  /// Connects for as long as `body` runs.
  static func connect<Result: Sendable>(
    socket: String, timeout: Duration?, _ body: (Client) async throws -> Result
  ) async throws(CtlError) -> Result {
    do {
      let transport = try Transport(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
      return try await withGRPCClient(transport: transport) { grpc in
        try await body(Client(grpc: grpc, timeout: timeout))
      }
    } catch {
      throw RPCFailure.error(error)
    }
  }

  /// Makes a call that answers once.
  func call<Result>(_ body: (CallOptions) async throws -> Result) async throws(CtlError) -> Result {
    do { return try await body(options(timeout: timeout)) } catch { throw RPCFailure.error(error) }
  }

  /// Options of a call that goes on for long: only the user's own `--timeout` ends it.
  var streamOptions: CallOptions { options(timeout: nil) }

  private func options(timeout: Duration?) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = timeout
    options.maxResponseMessageBytes = Self.maxAnswerBytes
    return options
  }
}
