import HTTPTransport

/// A way that requests go. Each that is taken is reported once.
protocol RequestLane: Sendable {
  /// Takes requests, all or none.
  func submit(_ requests: [HTTPRequest]) throws(HTTPTransportError)
  /// Gives up what was not sent.
  func cancel(_ tokens: [UInt64])
  /// False when the time ran out.
  func waitUntilIdle(timeout: Duration) -> Bool
  /// Ends everything; returns after the last report.
  func close()
}

extension HTTPSession: RequestLane {}
