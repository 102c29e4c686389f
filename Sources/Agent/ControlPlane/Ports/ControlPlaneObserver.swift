/// Hears of every call when it has ended; for metrics.
public protocol ControlPlaneObserver: Sendable {
  /// A call has ended.
  /// - Parameters:
  ///   - method: `carillon.v1.Users/GetUser`; one of those served, so that it is bounded.
  ///   - code: gRPC's name of the status: `OK`, `INVALID_ARGUMENT`.
  ///   - duration: from the first byte of the request to the last of the answer.
  func callEnded(method: String, code: String, duration: Duration)
}

/// Hears nothing.
public struct SilentObserver: ControlPlaneObserver {
  /// Makes it.
  public init() {}

  /// Does nothing.
  public func callEnded(method: String, code: String, duration: Duration) {}
}
