import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Glibc
public import Logging
public import ServiceLifecycle
import Synchronization

/// Where the control plane listens.
public struct ControlPlaneListeners: Hashable, Sendable {
  /// Path of the Unix socket, absolute; nil: none.
  public var socketPath: String?
  /// Port on 127.0.0.1, in plaintext and open to every user of this machine; nil (as it should be): none. 0: any.
  public var plaintextLoopbackPort: Int?

  /// Makes it.
  public init(socketPath: String?, plaintextLoopbackPort: Int? = nil) {
    self.socketPath = socketPath
    self.plaintextLoopbackPort = plaintextLoopbackPort
  }
}

/// Serves the control plane until it is told to stop.
///
/// The agent binds its Unix socket itself and hands the transport the listening descriptor: the transport's own bind
/// would remove the socket of an agent that runs.
public final class ControlPlaneServer: Service {
  private typealias Server = GRPCServer<HTTP2ServerTransport.Posix>

  private let listeners: ControlPlaneListeners
  private let services: ControlPlaneServices
  private let limits: ControlPlaneLimits
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var listener: UnixListener?
    var loopback: HTTP2ServerTransport.Posix?
    var isRunning = false
  }

  /// Makes a server; listens to nothing yet.
  public init(
    listeners: ControlPlaneListeners, services: ControlPlaneServices,
    limits: ControlPlaneLimits = ControlPlaneLimits(), logger: Logger
  ) {
    self.listeners = listeners
    self.services = services
    self.limits = limits
    self.logger = logger
  }

  /// Takes the Unix socket and its lock. From then on clients can connect; they are answered once it runs. ``run()``
  /// does it if nobody did; done early, a second agent is told before it starts anything.
  /// - Throws: `.inUse` when another agent serves the socket.
  public func listen() throws(ControlPlaneError) {
    guard let path = listeners.socketPath else { return }
    guard state.withLock({ $0.listener == nil }) else { return }
    let listener = try UnixListener(path: path)
    state.withLock { $0.listener = listener }
  }

  /// The port of the loopback listener once it is bound; nil when there is none.
  public func loopbackPort() async throws -> Int? {
    let transport = state.withLock { $0.loopback }
    return try await transport?.listeningAddress.ipv4?.port
  }

  /// Serves until graceful shutdown, then lets open calls end within the limits' grace.
  public func run() async throws {
    guard listeners.socketPath != nil || listeners.plaintextLoopbackPort != nil else {
      throw ControlPlaneError(.invalidConfiguration, "the control plane has neither a socket nor a port to listen to")
    }
    try listen()
    defer { state.withLock { $0.listener.take() }?.close() }
    let servers = try makeServers()
    logger.info("control plane listens", metadata: ["socket": "\(listeners.socketPath ?? "none")"])
    try await withGracefulShutdownHandler {
      try await serve(servers)
    } onGracefulShutdown: {
      self.services.beginShutdown()
      for server in servers { server.beginGracefulShutdown() }
    }
  }

  private func serve(_ servers: [Server]) async throws {
    let logger = logger
    let grace = limits.shutdownGrace
    try await withThrowingTaskGroup(of: Ended.self) { group in
      for server in servers {
        // Above the pipeline: an administrator does not wait behind thousands of sends.
        group.addTask(priority: .userInitiated) {
          do {
            try await server.serve()
          } catch {
            throw ControlPlaneError(.serverFailed, "a listener of the control plane ended: \(error)", cause: error)
          }
          return .server
        }
      }
      group.addTask {
        try await gracefulShutdown()
        try await Task.sleep(for: grace)
        return .grace
      }
      var left = servers.count
      while left > 0, let ended = try await group.next() {
        switch ended {
        case .server: left -= 1
        case .grace:
          logger.warning("calls still open after \(grace) were cut off")
          left = 0
        }
      }
      group.cancelAll()
    }
  }

  private enum Ended {
    case server
    case grace
  }

  private func makeServers() throws(ControlPlaneError) -> [Server] {
    var servers: [Server] = []
    if let listener = state.withLock({ $0.listener }) {
      guard let descriptor = listener.takeDescriptor() else {
        throw ControlPlaneError(.serverFailed, "the control plane was run a second time")
      }
      let check = PeerCheck(owner: geteuid(), logger: logger)
      let transport = HTTP2ServerTransport.Posix(
        listeningSocketDescriptor: Int(descriptor), transportSecurity: .plaintext,
        config: configuration { $0.channelDebuggingCallbacks.onAcceptTCPConnection = { check.check($0) } })
      servers.append(makeServer(transport))
    }
    if let port = listeners.plaintextLoopbackPort {
      guard (0...65_535).contains(port) else {
        throw ControlPlaneError(.invalidConfiguration, "a port must be 0 to 65535, not \(port)")
      }
      let transport = HTTP2ServerTransport.Posix(
        address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: .plaintext, config: configuration { _ in })
      state.withLock { $0.loopback = transport }
      servers.append(makeServer(transport))
      logger.warning(
        "every user of this machine can control the agent through the loopback port", metadata: ["port": "\(port)"])
    }
    return servers
  }

  private func makeServer(_ transport: HTTP2ServerTransport.Posix) -> Server {
    Server(transport: transport, services: services.services, interceptors: services.interceptors)
  }

  private func configuration(
    _ change: (inout HTTP2ServerTransport.Posix.Config) -> Void
  ) -> HTTP2ServerTransport.Posix.Config {
    .defaults { config in
      config.rpc.maxRequestPayloadSize = limits.maximumMessageBytes
      config.http2.maxConcurrentStreams = limits.maximumStreamsPerConnection
      change(&config)
    }
  }
}
