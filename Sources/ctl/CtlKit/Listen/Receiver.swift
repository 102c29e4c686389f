import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP server for trying webhooks out.
struct Receiver {
  /// Connections that may wait to be accepted.
  static let backlog: Int32 = 1_024
  /// Silence after which a connection ends.
  static let idleSeconds: Int64 = 120

  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  /// Listens. Port 0 takes a free one.
  static func start(host: String, port: Int, core: ReceiverCore) async throws(CtlError) -> Receiver {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(idleSeconds)))
          try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
          try pipeline.addHandler(ReceiverHandler(receiver: core))
        }
      }
    do {
      return Receiver(channel: try await bootstrap.bind(host: host, port: port).get(), group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw CtlError(
        .failed, "cannot listen on \(host):\(port): \(error)", hint: "choose another port, or 0 for a free one",
        cause: error)
    }
  }

  /// The port it listens on.
  var port: Int { channel.localAddress?.port ?? 0 }

  /// Ends all connections.
  func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}
