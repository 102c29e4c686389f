import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Stands behind the TLS handler of each connection: learns who is there, and lets nobody linger in the handshake.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = NIOAny
  typealias InboundOut = NIOAny

  /// The connection's number in the table.
  let id: UInt64
  private let table: ConnectionTable
  private let address: String
  /// For TLS: how long the handshake may take.
  private let handshakeDeadline: TimeAmount?
  private var timeout: Scheduled<Void>?

  init(id: UInt64, table: ConnectionTable, address: String, handshakeDeadline: TimeAmount?) {
    self.id = id
    self.table = table
    self.address = address
    self.handshakeDeadline = handshakeDeadline
  }

  func channelActive(context: ChannelHandlerContext) {
    if let handshakeDeadline {
      let channel = context.channel
      timeout = context.eventLoop.scheduleTask(in: handshakeDeadline) { channel.close(promise: nil) }
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timeout?.cancel()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      timeout?.cancel()
      do {
        let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate()
        let peer = try certificate.map { PeerCertificate(der: try $0.toDERBytes()) }
        table.know(id, ConnectionFacts(way: .tls(peer), address: address))
      } catch {
        // Nothing is known of it then, and so nothing is granted to it.
        context.close(promise: nil)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Has the transport close a connection once its calls have ended, and closes it when it did not come to that in
  /// `grace`: a client need not answer. The event starts behind the HTTP/2 handler: that one would hand it on to the calls,
  /// and the transport cancels those that hear it.
  static func beginEnd(of channel: any Channel, grace: TimeAmount) {
    channel.eventLoop.execute {
      guard channel.isActive else { return }
      channel.eventLoop.scheduleTask(in: grace) { channel.close(promise: nil) }
      do {
        let http2 = try channel.pipeline.syncOperations.handler(type: NIOHTTP2Handler.self)
        try channel.pipeline.syncOperations.addHandler(Quiescer(), position: .after(http2))
      } catch {
        // Still in its handshake, by an authority that no longer counts.
        channel.close(promise: nil)
      }
    }
  }

  private final class Quiescer: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
      context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }
}

/// Marks each call with its connection, in a header that only the agent sets: whatever a client sends under its name is
/// taken away first.
final class StreamMark: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload

  /// The header's name.
  static let name = "carillon-connection"

  private let value: String

  init(connection id: UInt64) {
    value = String(id)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .headers(var headers) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    headers.headers.remove(name: Self.name)
    headers.headers.add(name: Self.name, value: value)
    context.fireChannelRead(wrapInboundOut(.headers(headers)))
  }

  /// Puts one in front of a stream's handlers. Without it nothing is known of the caller, and nothing is granted.
  static func install(on stream: any Channel) -> EventLoopFuture<Void> {
    stream.eventLoop.makeCompletedFuture {
      guard let connection = stream.parent else { throw ChannelError.ioOnClosedChannel }
      let id = try connection.pipeline.syncOperations.handler(type: ConnectionHandler.self).id
      try stream.pipeline.syncOperations.addHandler(StreamMark(connection: id), position: .first)
    }
  }
}
