import AgentHarness
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Servers on loopback that refuse everything and repeat to the client what it sent, secrets included: the worst that a
/// receiver can do to whoever logs its answers.
struct EchoServers: Sendable {
  /// Answers each request with 401 and all of its head and body.
  let httpPort: Int
  /// Refuses each authentication with the client's own line.
  let smtpPort: Int
  private let heard: Heard

  /// Everything that either server got.
  var received: String { heard.text.withLock { $0 } }

  final class Heard: Sendable {
    let text = Mutex("")
  }

  /// Listens for as long as `body` runs.
  static func with<Result: Sendable>(_ body: (EchoServers) async throws -> Result) async throws -> Result {
    let heard = Heard()
    let http = try await listen { channel in
      try channel.pipeline.syncOperations.configureHTTPServerPipeline()
      try channel.pipeline.syncOperations.addHandler(HTTPEcho(heard))
    }
    let smtp = try await listen { channel in
      try channel.pipeline.syncOperations.addHandler(SMTPEcho(heard))
    }
    guard let httpPort = http.localAddress?.port, let smtpPort = smtp.localAddress?.port else {
      throw HarnessError(.system, "the echo servers have no ports")
    }
    do {
      let result = try await body(EchoServers(httpPort: httpPort, smtpPort: smtpPort, heard: heard))
      try await http.close()
      try await smtp.close()
      return result
    } catch {
      try await http.close()
      try await smtp.close()
      throw error
    }
  }

  private static func listen(_ make: @escaping @Sendable (any Channel) throws -> Void) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try make(channel) } }
      .bind(host: "127.0.0.1", port: 0).get()
  }
}

private final class HTTPEcho: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let heard: EchoServers.Heard
  private var request = ""

  init(_ heard: EchoServers.Heard) { self.heard = heard }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = "\(head.method) \(head.uri)\n" + head.headers.map { "\($0.name): \($0.value)\n" }.joined()
    case .body(let part): request += String(buffer: part)
    case .end:
      heard.text.withLock { $0 += request + "\n" }
      let headers: HTTPHeaders = ["content-length": "\(request.utf8.count)", "content-type": "text/plain"]
      let head = HTTPResponseHead(version: .http1_1, status: .unauthorized, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: request)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}

private final class SMTPEcho: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let heard: EchoServers.Heard

  init(_ heard: EchoServers.Heard) { self.heard = heard }

  func channelActive(context: ChannelHandlerContext) { say("220 echo.example ESMTP", context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let text = String(buffer: unwrapInboundIn(data))
    heard.text.withLock { $0 += text }
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("EHLO") {
        say("250-echo.example\r\n250 AUTH PLAIN LOGIN", context)
      } else if line.hasPrefix("AUTH LOGIN") {
        say("334 VXNlcm5hbWU6", context)
      } else if line == "AUTH PLAIN" {
        say("334 ", context)
      } else if line.hasPrefix("QUIT") {
        say("221 bye", context)
      } else {
        say("535 5.7.8 refused: \(line)", context)
      }
    }
  }

  private func say(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
  }
}
