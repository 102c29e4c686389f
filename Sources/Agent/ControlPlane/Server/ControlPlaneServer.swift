import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Glibc
public import Logging
import NIOCore
public import ServiceLifecycle
import Store
import Synchronization

/// Where the control plane listens.
public struct ControlPlaneListeners: Hashable, Sendable {
  /// A listener over TLS, where callers are known by certificates or tokens.
  public struct TLS: Hashable, Sendable {
    /// Where it listens.
    public var address: TLSAddress
    /// Its certificates; looked at again and again, and by ``ControlPlaneServer/reloadCertificates()``.
    public var files: TLSFiles

    /// Makes it.
    public init(address: TLSAddress, files: TLSFiles) {
      self.address = address
      self.files = files
    }
  }

  /// Path of the Unix socket, absolute; nil: none.
  public var socketPath: String?
  /// Port on 127.0.0.1, in plaintext and open to every user of this machine; nil (as it should be): none. 0: any.
  public var plaintextLoopbackPort: Int?
  /// Over TLS; nil: none.
  public var tls: TLS?

  /// Makes it.
  public init(socketPath: String?, plaintextLoopbackPort: Int? = nil, tls: TLS? = nil) {
    self.socketPath = socketPath
    self.plaintextLoopbackPort = plaintextLoopbackPort
    self.tls = tls
  }

  var isEmpty: Bool { socketPath == nil && plaintextLoopbackPort == nil && tls == nil }
}

/// Serves the control plane until it is told to stop.
///
/// The agent binds its Unix socket itself and hands the transport the listening descriptor: the transport's own bind
/// would remove the socket of an agent that runs.
public final class ControlPlaneServer: Service {
  private typealias Server = GRPCServer<AgentTransport>

  private let listeners: ControlPlaneListeners
  private let services: ControlPlaneServices
  private let limits: ControlPlaneLimits
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var listener: UnixListener?
    var keeper: CertificateKeeper?
    var loopback: AgentTransport?
    var tls: AgentTransport?
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

  /// Takes the Unix socket and its lock, and reads the certificates. From then on clients can connect to the socket; they
  /// are answered once it runs. ``run()`` does it if nobody did; done early, a second agent is told before it starts
  /// anything.
  /// - Throws: `.inUse` when another agent serves the socket, `.invalidConfiguration` for certificates of no use.
  public func listen() throws(ControlPlaneError) {
    if let path = listeners.socketPath, state.withLock({ $0.listener == nil }) {
      let listener = try UnixListener(path: path)
      state.withLock { $0.listener = listener }
    }
    if let tls = listeners.tls, state.withLock({ $0.keeper == nil }) {
      let contexts = try TLSContexts(files: tls.files, now: services.now)
      let keeper = CertificateKeeper(
        contexts: contexts, connections: services.gatekeeper.connections,
        grace: TimeAmount(limits.connectionGrace), status: services.certificates,
        observer: services.observer, logger: logger)
      state.withLock { $0.keeper = keeper }
    }
  }

  /// The port of the loopback listener once it is bound; nil when there is none.
  public func loopbackPort() async throws -> Int? { await state.withLock { $0.loopback }?.port }

  /// The port of the TLS listener once it is bound; nil when there is none.
  public func tlsPort() async -> Int? { await state.withLock { $0.tls }?.port }

  /// Reads the certificate files again now, as is done by itself every few seconds, or others from now on. New handshakes go by them;
  /// connections that are open stay, unless the client authority changed: then they are closed once their calls have
  /// ended.
  /// - Throws: `.invalidConfiguration` for files of no use; what was before goes on.
  public func reloadCertificates(from others: TLSFiles? = nil) throws(ControlPlaneError) {
    try state.withLock { $0.keeper }?.reload(from: others)
  }

  /// Goes by other administrators from now on; what is under way for those who are none any more ends.
  public func change(admins: [String]) { services.gatekeeper.directory.change(admins: admins) }

  /// Reads the access list again now, as is done by itself each second.
  public func refreshAccess() async {
    do throws(StoreError) {
      try await services.gatekeeper.directory.refresh()
    } catch {
      logger.warning("the access list was not read again at once", metadata: ["error": "\(error)"])
    }
  }

  /// Serves until graceful shutdown, then lets open calls end within the limits' grace.
  public func run() async throws {
    guard !listeners.isEmpty else {
      throw ControlPlaneError(.invalidConfiguration, "the control plane has neither a socket nor a port to listen to")
    }
    try listen()
    defer { state.withLock { $0.listener.take() }?.close() }
    // Read before anybody is served, so that none is refused for want of it; what cannot be read now is read later.
    if listeners.tls != nil || listeners.plaintextLoopbackPort != nil { await refreshAccess() }
    let servers = try makeServers()
    logger.info(
      "control plane listens",
      metadata: ["socket": "\(listeners.socketPath ?? "none")", "tls": "\(listeners.tls?.address.text ?? "none")"])
    defer { services.gatekeeper.connections.closeAll() }
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
    let (directory, keeper) = (services.gatekeeper.directory, state.withLock { $0.keeper })
    try await withThrowingTaskGroup(of: Ended.self) { group in
      for server in servers {
        // Above the pipeline: an administrator does not wait behind thousands of sends.
        group.addTask(executorPreference: CallThreads.shared, priority: .userInitiated) {
          do {
            try await server.serve()
          } catch {
            throw ControlPlaneError(.serverFailed, "a listener of the control plane ended: \(error)", cause: error)
          }
          return .server
        }
      }
      group.addTask {
        try await directory.run(every: self.limits.accessPause, on: self.services.clock)
        return .helper
      }
      if let keeper {
        group.addTask {
          try await keeper.run(every: self.limits.certificatePause, on: self.services.clock)
          return .helper
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
        case .helper: break
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
    case helper
    case grace
  }

  private func makeServers() throws(ControlPlaneError) -> [Server] {
    var servers: [Server] = []
    if let listener = state.withLock({ $0.listener }) {
      guard let descriptor = listener.takeDescriptor() else {
        throw ControlPlaneError(.serverFailed, "the control plane was run a second time")
      }
      let check = PeerCheck(owner: geteuid(), logger: logger)
      servers.append(makeServer(makeTransport(.unix(descriptor: descriptor, check: check))))
    }
    if let port = listeners.plaintextLoopbackPort {
      try Self.check(port)
      let transport = makeTransport(.loopback(port: port))
      state.withLock { $0.loopback = transport }
      servers.append(makeServer(transport))
      logger.warning(
        "every user of this machine can control the agent through the loopback port", metadata: ["port": "\(port)"])
    }
    if let tls = listeners.tls, let keeper = state.withLock({ $0.keeper }) {
      try Self.check(tls.address.port)
      let transport = makeTransport(.tls(tls.address, keeper.contexts))
      state.withLock { $0.tls = transport }
      servers.append(makeServer(transport))
    }
    return servers
  }

  private static func check(_ port: Int) throws(ControlPlaneError) {
    guard (0...65_535).contains(port) else {
      throw ControlPlaneError(.invalidConfiguration, "a port must be 0 to 65535, not \(port)")
    }
  }

  private func makeServer(_ transport: AgentTransport) -> Server {
    Server(transport: transport, services: services.services, interceptors: services.listenerInterceptors)
  }

  private func makeTransport(_ place: AgentListener.Place) -> AgentTransport {
    let listener = AgentListener(
      place: place, table: services.gatekeeper.connections, limits: limits, logger: logger)
    return AgentTransport(listener, config: limits.configuration(for: place), gatekeeper: services.gatekeeper)
  }
}

extension TLSAddress {
  var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ControlPlaneLimits {
  /// What the transport is told of the limits.
  func configuration(for place: AgentListener.Place) -> HTTP2ServerTransport.Custom<AgentListener>.Config {
    var config = HTTP2ServerTransport.Custom<AgentListener>.Config.defaults
    config.rpc.maxRequestPayloadSize = maximumMessageBytes
    config.http2.maxConcurrentStreams = maximumStreamsPerConnection
    config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { StreamMark.install(on: $0) }
    config.connection.keepalive.clientBehavior = .init(
      minPingIntervalWithoutCalls: minimumClientKeepalive, allowWithoutCalls: true)
    switch place {
    case .unix: break  // The kernel tells at once when the other end goes.
    case .loopback: config.connection.maxIdleTime = maximumIdle
    case .tls:
      config.connection.maxIdleTime = maximumIdle
      config.connection.maxAge = maximumConnectionAge
      config.connection.maxGraceTime = connectionGrace
      config.connection.keepalive.time = keepaliveTime
      config.connection.keepalive.timeout = keepaliveTimeout
    }
    return config
  }
}
