/// One header field of a request. libcurl sends whatever bytes it is given, so they are checked here.
public struct HTTPHeader: Sendable, Hashable {
  /// At most so many bytes of a value.
  public static let maximumValueBytes = 8_192
  /// At most so many bytes of a name.
  public static let maximumNameBytes = 256

  /// The line as libcurl takes it; one with no value ends in a semicolon.
  let line: String

  /// A field.
  ///
  /// - Throws: `invalidHeader` unless the name is a token (RFC 9110, section 5.6.2) and the value is of visible ASCII,
  ///   spaces and tabs (section 5.5: what is beyond, receivers read each in their own way, and some see line ends in
  ///   it), with no space at either end. The error never has the value.
  public init(_ name: String, _ value: String) throws(HTTPTransportError) {
    guard !name.isEmpty, name.utf8.count <= Self.maximumNameBytes, name.utf8.allSatisfy(Self.isToken) else {
      throw HTTPTransportError(
        .invalidHeader, "a header's name has 1 to \(Self.maximumNameBytes) letters, digits or of !#$%&'*+-.^_`|~")
    }
    guard value.utf8.count <= Self.maximumValueBytes else {
      throw HTTPTransportError(.invalidHeader, "the header \(name) has over \(Self.maximumValueBytes) bytes")
    }
    guard value.utf8.allSatisfy({ $0 == 0x09 || 0x20...0x7E ~= $0 }) else {
      throw HTTPTransportError(
        .invalidHeader, "the header \(name) has a control character, such as CR, LF or NUL, or one beyond ASCII")
    }
    if let first = value.utf8.first, let last = value.utf8.last,
      [0x20, 0x09].contains(first) || [0x20, 0x09].contains(last)
    {
      throw HTTPTransportError(.invalidHeader, "the header \(name) begins or ends with a space")
    }
    line = value.isEmpty ? name + ";" : name + ": " + value
  }

  /// For names and values that cannot be wrong: written in the source, or made of digits and letters.
  init(checkedLine line: String) { self.line = line }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
