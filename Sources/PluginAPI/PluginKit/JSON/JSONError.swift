/// Why a text is not JSON, or more of it than is taken.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Sendable, Hashable {
    /// Not the grammar of RFC 8259.
    case syntax
    /// Not UTF-8, or an escape that is half a surrogate pair.
    case encoding
    /// A number too large for a double.
    case range
    /// A member's name twice in one object.
    case duplicate
    /// Too long, too deep or too many values.
    case limit
  }

  /// What is wrong.
  public let code: Code
  /// Where, in bytes from the start of the text.
  public let offset: Int
  /// A sentence for people, without the place.
  public let message: String

  /// An error at a place.
  public init(code: Code, offset: Int, message: String) {
    self.code = code
    self.offset = offset
    self.message = message
  }

  /// The sentence and the place.
  public var description: String { "\(message) at byte \(offset)" }
}

/// How much JSON is taken. What goes beyond is refused with ``JSONError/Code/limit``.
public struct JSONLimits: Sendable, Hashable {
  /// Bytes of the whole text.
  public var maxBytes: Int
  /// How deep arrays and objects may nest.
  public var maxDepth: Int
  /// Values in all, members' values among them.
  public var maxValues: Int

  /// Limits; each at least 1 to take anything.
  public init(maxBytes: Int = 1 << 20, maxDepth: Int = 32, maxValues: Int = 100_000) {
    self.maxBytes = maxBytes
    self.maxDepth = maxDepth
    self.maxValues = maxValues
  }

  /// 1 MiB, 32 levels, 100,000 values.
  public static let standard = JSONLimits()
}
