public import EventModel

/// Hears of every call when it has ended; for metrics.
public protocol ControlPlaneObserver: Sendable {
  /// A call has ended.
  /// - Parameters:
  ///   - method: `carillon.v1.Users/GetUser`; one of those served, so that it is bounded.
  ///   - code: gRPC's name of the status: `OK`, `INVALID_ARGUMENT`.
  ///   - duration: from the first byte of the request to the last of the answer.
  func callEnded(method: String, code: String, duration: Duration)

  /// A call had no credentials, or bad ones.
  func callRefused()

  /// A call was one too many.
  /// - Parameter limit: `caller`, `address` or `failures`.
  func callLimited(by limit: String)

  /// The access list was looked at.
  /// - Parameter age: how long ago it was last known to be current; nil: it was never read.
  func accessListChecked(age: TimeSpan?)

  /// The certificate of the TLS listener was looked at.
  /// - Parameter left: how long it is valid yet; negative when it has run out.
  func certificateChecked(left: TimeSpan)

  /// The certificate files had changed and were read again.
  /// - Parameter succeeded: whether they count now; else what was before goes on.
  func certificateReloaded(succeeded: Bool)
}

/// Who wants to hear of calls alone need say nothing of the rest.
extension ControlPlaneObserver {
  /// Does nothing.
  public func callRefused() {}
  /// Does nothing.
  public func callLimited(by limit: String) {}
  /// Does nothing.
  public func accessListChecked(age: TimeSpan?) {}
  /// Does nothing.
  public func certificateChecked(left: TimeSpan) {}
  /// Does nothing.
  public func certificateReloaded(succeeded: Bool) {}
}

/// Hears nothing.
public struct SilentObserver: ControlPlaneObserver {
  /// Makes it.
  public init() {}

  /// Does nothing.
  public func callEnded(method: String, code: String, duration: Duration) {}
}
