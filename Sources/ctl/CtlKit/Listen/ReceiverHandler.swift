import NIOCore
import NIOHTTP1

/// Takes requests of one connection, one after the other, and answers each as planned.
///
/// A delivery is told before it is answered: what the sender was promised is on record.
final class ReceiverHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Bytes of a body that are taken; a larger one is answered with 413 and the connection ends.
  static let maxBodyBytes = 1024 * 1024

  private static let tooLarge = AnswerPlan.Answer(status: 413, retryAfterSeconds: nil, delayMilliseconds: 0)

  private let receiver: ReceiverCore
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var isTooLarge = false

  init(receiver: ReceiverCore) { self.receiver = receiver }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.removeAll(keepingCapacity: true)
      isTooLarge = false
    case .body(let part):
      guard !isTooLarge, body.count + part.readableBytes <= Self.maxBodyBytes else {
        isTooLarge = true
        return
      }
      body.append(contentsOf: part.readableBytesView)
    case .end:
      guard let head else { return }
      self.head = nil
      if isTooLarge {
        write(Self.tooLarge, keepAlive: false, isTold: false, context)
      } else {
        answer(receiver.receive(head, body), keepAlive: head.isKeepAlive, context)
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    receiver.flush()
    context.flush()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A broken request or connection: HTTPServerProtocolErrorHandler has answered it if that was possible.
    context.close(promise: nil)
  }

  private func answer(_ answer: AnswerPlan.Answer, keepAlive: Bool, _ context: ChannelHandlerContext) {
    guard answer.delayMilliseconds > 0 else { return write(answer, keepAlive: keepAlive, isTold: true, context) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(Int64(answer.delayMilliseconds))) {
      let (handler, context) = bound.value
      handler.write(answer, keepAlive: keepAlive, isTold: true, context)
      context.flush()
    }
  }

  private func write(
    _ answer: AnswerPlan.Answer, keepAlive: Bool, isTold: Bool, _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders()
    if answer.status != 204, answer.status != 304 {
      headers.add(name: "content-length", value: String(answer.body.count))
    }
    for header in answer.headers { headers.add(name: header.name, value: header.value) }
    if let seconds = answer.retryAfterSeconds { headers.add(name: "retry-after", value: String(seconds)) }
    if !keepAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.write(wrapOutboundOut(.end(nil))).whenComplete { [receiver] _ in
      if isTold { receiver.answered() }
      if !keepAlive { bound.value.close(promise: nil) }
    }
  }
}
