public import PluginKit0

/// Why a rule or a time is refused: a sentence for people that follows the member's name.
public struct RecurrenceFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, and what is allowed.
  public let message: String
  /// What the host answered, where it is the host that failed.
  public let cause: PluginError?

  /// A fault.
  public init(_ message: String) {
    self.message = message
    cause = nil
  }

  /// The host's time service failed.
  init(_ cause: PluginError) {
    message = cause.message
    self.cause = cause
  }

  /// The sentence.
  public var description: String { message }
}
