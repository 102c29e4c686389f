/// One POST.
public struct HTTPRequest: Sendable {
  /// The caller's name for it, given back at its end and to ``HTTPSession/cancel(_:)``.
  public var token: UInt64
  /// Where to.
  public var url: HTTPURL
  /// Beside those that HTTP itself needs.
  public var headers: [HTTPHeader]
  /// What is sent.
  public var body: [UInt8]
  /// Give up by then, on `CLOCK_MONOTONIC` in nanoseconds, even while it waits for a place; nil: the session's
  /// time-out alone.
  public var deadlineNanoseconds: Int64?

  /// A request.
  public init(
    token: UInt64, url: HTTPURL, headers: [HTTPHeader] = [], body: [UInt8], deadlineNanoseconds: Int64? = nil
  ) {
    self.token = token
    self.url = url
    self.headers = headers
    self.body = body
    self.deadlineNanoseconds = deadlineNanoseconds
  }
}
