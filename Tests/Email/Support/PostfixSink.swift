import EmailPlugin
import PluginKit0
import Testing

/// A sink whose server is Postfix.
struct PostfixSink {
  let sink: Email
  let host: RecordingHost

  /// Delivers one and gives its result.
  func result(_ delivery: Delivery) throws -> DeliveryResult {
    try sink.deliver([delivery])
    #expect(sink.drain(timeout: SinkUnderTest.patience))
    return try #require(host.result(delivery.ticket.rawValue))
  }
}
