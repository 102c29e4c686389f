/// Why a civil time, a zone name or a zone file could not be used.
///
/// Nothing has changed when one is thrown: values stay unmade, and a database keeps the rules it had.
public struct CivilTimeError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, for programs.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A year, month, day, hour, minute, second or nanosecond is outside what is allowed.
    case invalidField
    /// A text is not in the ISO 8601 form that was asked for.
    case invalidText
    /// A date or an instant lies outside the supported years.
    case outOfRange
    /// A zone name has characters or a shape that no zone name has.
    case invalidZoneName
    /// The name is well formed, but the folder has no such zone.
    case unknownZone
    /// A zone file breaks the format (RFC 9636 sections 3.1 and 3.2).
    case malformedFile
    /// A zone file's POSIX rule cannot be read or contradicts the file's own data (RFC 9636 section 3.3).
    case malformedFooter
    /// A zone file counts leap seconds, which Unix time does not.
    case leapSeconds
    /// A zone file, a list of names or a set of loaded zones is larger than the limit.
    case limitExceeded
    /// The operating system refused to read a file or a folder.
    case inputOutput
  }

  /// What kind of failure it is, for programs.
  public let code: Code
  /// What went wrong and what is allowed, for people.
  public let message: String
  /// What led to it, where something did.
  public let cause: (any Error)?

  /// Makes an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The code, the message and the cause in one line.
  public var description: String {
    guard let cause else { return "\(code.rawValue): \(message)" }
    return "\(code.rawValue): \(message) (\(cause))"
  }
}

/// A system call that failed, with its error number.
public struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The call's name, such as `open`.
  public let call: String
  /// The value of `errno` after it.
  public let number: Int32

  /// The call, the error number and the system's words for it.
  public var description: String { "\(call): \(systemMessage(number)) [errno \(number)]" }
}

/// Text from outside as it may stand in a message: quoted, escaped, and no longer than a line.
func quoted(_ text: some StringProtocol) -> String {
  let longest = 64
  let head = String(text.prefix(longest))
  return head.debugDescription + (text.count > longest ? "…" : "")
}
