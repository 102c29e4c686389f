import GRPCNIOTransportHTTP2Posix
import Glibc
import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// Accepts connections in one of the three ways, and puts in front of gRPC's handlers what tells whose they are.
///
/// Beside the transport's own listener, because that one tells handlers neither the user behind a Unix socket nor a
/// certificate without reading it again for every call, demands certificates or ignores them, and keeps for good the
/// authority it began with.
struct AgentListener: HTTP2ServerTransport.ListenerFactory {
  /// Where it listens.
  enum Place: Sendable {
    /// A Unix socket that listens already; this takes it over.
    case unix(descriptor: Int32, check: PeerCheck)
    /// Plaintext on this machine's own address.
    case loopback(port: Int)
    /// TLS.
    case tls(TLSAddress, TLSContexts)

    /// What a handshake that begins now goes by; nil for plaintext.
    var handshake: TLSContexts.Current? {
      if case .tls(_, let contexts) = self { contexts.current } else { nil }
    }
  }

  typealias Ready = HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel

  let place: Place
  let table: ConnectionTable
  let limits: ControlPlaneLimits
  let logger: Logger

  var eventLoopGroup: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

  func makeListeningChannel(
    listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
    connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
  ) async throws -> NIOAsyncChannel<Ready, Never> {
    let bootstrap = ServerBootstrap(group: eventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
    let ready: @Sendable (any Channel) -> EventLoopFuture<Ready> = { accept($0, connectionConfigurator) }
    switch place {
    case .unix(let descriptor, _): return try await bootstrap.bind(descriptor, childChannelInitializer: ready)
    case .loopback(let port):
      return try await bootstrap.bind(host: "127.0.0.1", port: port, childChannelInitializer: ready)
    case .tls(let address, _):
      return try await bootstrap.bind(host: address.host, port: address.port, childChannelInitializer: ready)
    }
  }

  /// Makes a connection ready. One that is not wanted is closed and made ready all the same: a future that fails would end
  /// the listener, and with it everybody's connections.
  private func accept(
    _ channel: any Channel, _ configurator: HTTP2ServerTransport.ConnectionConfigurator
  ) -> EventLoopFuture<Ready> {
    let address = Self.limitAddress(channel.remoteAddress)
    let handshake = place.handshake
    let id = table.admit(
      channel, address: address, generation: handshake?.generation ?? 0, maximum: limits.maximumConnections,
      maximumByAddress: handshake == nil ? .max : limits.maximumConnectionsByAddress)
    let ready = channel.eventLoop.makeCompletedFuture {
      if let handshake {
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: handshake.context))
      }
      let handler = ConnectionHandler(
        id: id ?? 0, table: table, address: address,
        handshakeDeadline: handshake == nil ? nil : TimeAmount(limits.handshakeDeadline))
      try channel.pipeline.syncOperations.addHandler(handler)
    }.flatMap {
      configurator.configure(channel: channel, tls: handshake == nil ? .none : .configured(requireALPN: true))
    }.map { made in
      // When the listener ends at this moment nobody takes it, and a connection that is dropped while it is open ends the
      // program (NIO demands that its writer be finished first). So it is kept until it is closed.
      channel.closeFuture.whenComplete { _ in withExtendedLifetime(made) {} }
      return made
    }
    guard let id else {
      logger.notice("refused a connection: there are too many", metadata: ["address": "\(address)"])
      return ready.flatMap { made in channel.close().recover { _ in }.map { made } }
    }
    channel.closeFuture.whenComplete { _ in table.remove(id) }
    return ready.flatMap { made in identify(channel, id, address).map { made } }
  }

  private func identify(_ channel: any Channel, _ id: UInt64, _ address: String) -> EventLoopFuture<Void> {
    switch place {
    case .unix(_, let check):
      return check.check(channel).map { user in
        if let user { table.know(id, ConnectionFacts(way: .unix(uid: user), address: "")) }
      }
    case .loopback: table.know(id, ConnectionFacts(way: .loopback, address: address))
    case .tls: break  // Known when its handshake has ended.
    }
    return channel.eventLoop.makeSucceededVoidFuture()
  }

  /// An IPv4 address, or the first 64 bits of an IPv6 address: those behind them are one customer's to choose from (RFC
  /// 6177). An IPv4 address that came as an IPv6 one (RFC 4291, section 2.5.5.2) counts as what it is.
  static func limitAddress(_ address: NIOCore.SocketAddress?) -> String {
    let text = address?.ipAddress ?? ""
    var all = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &all) == 1 else { return text }
    if all.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
      return all.suffix(4).map { String($0) }.joined(separator: ".")
    }
    let groups = stride(from: 0, to: 8, by: 2).map { String(UInt16(all[$0]) << 8 | UInt16(all[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":") + "::/64"
  }
}
