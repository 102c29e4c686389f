/// What is wrong with the configuration: every fault found, each with its source and key.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable {
  /// One thing that is wrong.
  public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The setting's path, or the file, or the flag.
    public var field: String
    /// A whole sentence, with its source and key. Never holds a secret.
    public var description: String

    init(_ field: String, _ description: String) {
      self.field = field
      self.description = description
    }
  }

  /// All of them.
  public var faults: [Fault]

  /// The faults, one a line.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
