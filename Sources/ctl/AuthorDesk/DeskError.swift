import PluginHost

/// Why a plugin at the desk could not do what was asked.
public struct DeskError: Error, Sendable {
  /// One fault of a document.
  public struct Fault: Hashable, Sendable {
    /// JSON Pointer to the value at fault; empty for the whole document.
    public var pointer: String
    /// What is wrong, and what is allowed.
    public var message: String
  }

  /// What happened, one sentence.
  public var message: String
  /// Every fault of a document, where one is at fault.
  public var faults: [Fault]
  /// Whether a call ran into its time limit.
  public var isTimeLimit: Bool

  /// An error.
  public init(_ message: String, faults: [Fault] = [], isTimeLimit: Bool = false) {
    self.message = message
    self.faults = faults
    self.isTimeLimit = isTimeLimit
  }

  init(_ error: PluginHostError) {
    self.init(
      error.message, faults: error.violations.map { Fault(pointer: $0.pointer, message: $0.message) },
      isTimeLimit: error.code == .timeLimit)
  }
}
