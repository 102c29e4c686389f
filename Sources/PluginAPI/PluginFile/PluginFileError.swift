/// Why a file could not be read as a plugin's.
public struct PluginFileError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// It cannot be opened or read.
    case unreadable
    /// It is no shared library, or a malformed one, or cut short.
    case notALibrary = "not-a-library"
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people, which names the file.
  public var message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Code and message.
  public var description: String { "\(code.rawValue): \(message)" }
}
