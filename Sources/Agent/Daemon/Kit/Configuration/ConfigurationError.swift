/// What is wrong with the configuration: every fault found, each with its source and key.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable {
  /// One line a fault.
  public var faults: [String]

  /// The faults, one a line.
  public var description: String { faults.joined(separator: "\n") }
}
