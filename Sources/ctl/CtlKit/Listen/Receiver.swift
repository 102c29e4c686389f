import NIOCore
import NIOHTTP1
import NIOPosix

/// Small servers for trying sinks out: HTTP, and SMTP where it is wanted.
struct Receiver {
  /// Connections that may wait to be accepted.
  static let backlog: Int32 = 1_024
  /// Silence after which a connection ends.
  static let idleSeconds: Int64 = 120

  private let channel: any Channel
  private let mailChannel: (any Channel)?
  private let group: MultiThreadedEventLoopGroup

  /// Listens. Port 0 takes a free one; without `smtp` there is no mail server.
  static func start(
    host: String, port: Int, smtp: Int? = nil, core: ReceiverCore
  ) async throws(CtlError) -> Receiver {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    do throws(CtlError) {
      let web = try await bind(group, host, port) { pipeline in
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
        try pipeline.addHandler(ReceiverHandler(receiver: core))
      }
      guard let smtp else { return Receiver(channel: web, mailChannel: nil, group: group) }
      let mail = try await bind(group, host, smtp) { try $0.addHandler(SMTPHandler(receiver: core)) }
      return Receiver(channel: web, mailChannel: mail, group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private static func bind(
    _ group: MultiThreadedEventLoopGroup, _ host: String, _ port: Int,
    _ configure: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
  ) async throws(CtlError) -> any Channel {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(idleSeconds)))
          try configure(pipeline)
        }
      }
    do {
      return try await bootstrap.bind(host: host, port: port).get()
    } catch {
      throw CtlError(
        .failed, "cannot listen on \(host):\(port): \(error)", hint: "choose another port, or 0 for a free one",
        cause: error)
    }
  }

  /// The port it listens on.
  var port: Int { channel.localAddress?.port ?? 0 }
  /// The port of the mail server; nil when there is none.
  var smtpPort: Int? { mailChannel?.localAddress?.port }

  /// Ends all connections.
  func stop() async {
    try? await channel.close()
    try? await mailChannel?.close()
    try? await group.shutdownGracefully()
  }
}
