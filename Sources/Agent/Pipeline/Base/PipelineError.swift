/// Why the pipeline could not do what it was asked.
public struct PipelineError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// The pipeline does not run, or is ending.
    case notRunning
    /// Too much waits already; try again later.
    case overloaded
    /// The store could not do it; `cause` is a `StoreError`.
    case store
    /// The schedule cannot be planned: an unknown zone or event type, or the event type refused it.
    case unplannable
    /// What is asked for is not there.
    case notFound
    /// No plugin provides the event type now.
    case unavailable
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people.
  public var message: String
  /// What led to it.
  public var cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// `code: message`, and the cause.
  public var description: String {
    "\(code.rawValue): \(message)" + (cause.map { " (\($0))" } ?? "")
  }
}
