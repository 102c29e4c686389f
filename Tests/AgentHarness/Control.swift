public import ControlAPI
import GRPCCore
public import GRPCNIOTransportHTTP2Posix

/// The control API over the agent's Unix socket.
public struct Control: Sendable {
  /// gRPC's transport.
  public typealias Transport = HTTP2ClientTransport.Posix

  private let client: GRPCClient<Transport>

  /// The services.
  public var users: Carillon_V1_Users.Client<Transport> { .init(wrapping: client) }
  /// Schedules.
  public var schedules: Carillon_V1_Schedules.Client<Transport> { .init(wrapping: client) }
  /// Events.
  public var events: Carillon_V1_Events.Client<Transport> { .init(wrapping: client) }
  /// Queues.
  public var queues: Carillon_V1_Queues.Client<Transport> { .init(wrapping: client) }
  /// Sinks.
  public var sinks: Carillon_V1_Sinks.Client<Transport> { .init(wrapping: client) }
  /// Subscriptions.
  public var subscriptions: Carillon_V1_Subscriptions.Client<Transport> { .init(wrapping: client) }
  /// Plugins.
  public var plugins: Carillon_V1_Plugins.Client<Transport> { .init(wrapping: client) }
  /// Agents.
  public var agents: Carillon_V1_Agents.Client<Transport> { .init(wrapping: client) }

  /// Connects for as long as `body` runs.
  static func connect<Result: Sendable>(
    socket: String, _ body: (Control) async throws -> Result
  ) async throws -> Result {
    let transport = try Transport(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
    return try await withGRPCClient(transport: transport) { client in
      try await body(Control(client: client))
    }
  }

  /// The namespace of all runs.
  public static let namespace = "namespaces/default"
}
