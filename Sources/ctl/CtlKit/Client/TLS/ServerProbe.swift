import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// Looks, after a connection failed, at how far one comes: whether somebody listens, and what certificate it shows. It sends
/// nothing, and ends as soon as it has seen the certificate.
enum ServerProbe {
  static let limitSeconds: Int64 = 5

  enum Finding: Sendable {
    /// Nobody answers; the reason.
    case unreachable(String)
    /// Somebody accepts connections.
    case connected
    /// What the server showed, its own certificate first; empty when it does not speak TLS.
    case certificates([Certificate])
  }

  static func look(host: String, port: Int, serverName: String?, isTLS: Bool) async -> Finding {
    let box = CertificateBox()
    let connecting = bootstrap(serverName ?? host, isTLS: isTLS, box).connect(host: host, port: port)
    do {
      let channel = try await connecting.get()
      guard isTLS else {
        try? await channel.close()
        return .connected
      }
      try? await channel.closeFuture.get()
      return .certificates(box.certificates)
    } catch {
      return .unreachable(reason(error))
    }
  }

  private static func bootstrap(_ name: String, isTLS: Bool, _ box: CertificateBox) -> ClientBootstrap {
    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(limitSeconds))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard isTLS else { return }
          var configuration = TLSConfiguration.makeClientConfiguration()
          configuration.applicationProtocols = ["h2"]
          let isNumber = AgentAddress.isIPv4(name) || AgentAddress.isIPv6(name)
          let handler = try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration), serverHostname: isNumber ? nil : name,
            customVerificationCallback: { certificates, promise in
              box.take(certificates)
              promise.succeed(.failed)
            })
          try channel.pipeline.syncOperations.addHandler(handler)
          try channel.pipeline.syncOperations.addHandler(CloseOnError())
          // A server that says nothing is not waited for.
          channel.eventLoop.scheduleTask(in: .seconds(limitSeconds)) { channel.close(promise: nil) }
        }
      }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if error.connectionErrors.isEmpty { return "the name \(error.host) is not known" }
      return error.connectionErrors.map { reason($0.error) }.joined(separator: "; ")
    case let error as IOError: return error.description
    case is ChannelError: return "nobody answered within \(limitSeconds) s"
    default: return "\(error)"
    }
  }
}

/// Keeps what a server showed.
private final class CertificateBox: Sendable {
  private let content = Mutex<[Certificate]>([])

  var certificates: [Certificate] { content.withLock { $0 } }

  func take(_ chain: [NIOSSLCertificate]) {
    // One that cannot be read is as good as none: this only explains.
    let read = chain.compactMap { try? Certificate(derEncoded: $0.toDERBytes()) }
    content.withLock { $0 = read }
  }
}

private final class CloseOnError: ChannelInboundHandler, Sendable {
  typealias InboundIn = Any

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
