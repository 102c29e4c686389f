import NIOCore

/// Cuts a connection's bytes into lines and holds the conversation.
final class SMTPHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let receiver: ReceiverCore
  private var session = SMTPSession()
  private var line: [UInt8] = []
  private var isBroken = false

  init(receiver: ReceiverCore) { self.receiver = receiver }

  func channelActive(context: ChannelHandlerContext) {
    write(SMTPSession.greeting, context)
    context.flush()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    for byte in unwrapInboundIn(data).readableBytesView {
      if byte == Byte.lineFeed {
        endLine(context)
      } else if line.last == Byte.carriageReturn {
        broken("a bare CR", context)
        line = [byte]
      } else {
        line.append(byte)
        if line.count > SMTPSession.maxLineBytes {
          line.removeAll(keepingCapacity: true)
          broken("a line over \(SMTPSession.maxLineBytes) bytes", context)
        }
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func endLine(_ context: ChannelHandlerContext) {
    guard line.last == Byte.carriageReturn else {
      broken("a bare LF", context)
      return line.removeAll(keepingCapacity: true)
    }
    line.removeLast()
    let action = session.receive(line)
    line.removeAll(keepingCapacity: true)
    perform(action, context)
  }

  private func broken(_ why: String, _ context: ChannelHandlerContext) { perform(session.broken(why), context) }

  private func perform(_ action: SMTPSession.Action, _ context: ChannelHandlerContext) {
    switch action {
    case .none: return
    case .reply(let reply): write(reply, context)
    case .mail(let envelope):
      let isTaken = receiver.receive(ReceivedMail(envelope))
      write(SMTPSession.answer(taken: isTaken, fault: envelope.fault), context)
      context.flush()
      receiver.answered()
    case .close(let reply):
      write(reply, context)
      context.flush()
      context.close(promise: nil)
    }
  }

  private func write(_ reply: String, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(ByteBuffer(string: reply + "\r\n")), promise: nil)
  }
}
