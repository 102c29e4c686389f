/// A mail address that can be written into a command and a header as it is. Does not describe itself.
///
/// The subset of RFC 5321, section 4.1.2, that people have: a dot-atom, an `@`, a domain's name. Quoted local parts and
/// address literals are refused.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// The longest address (RFC 3696, erratum 1690).
  public static let maximumBytes = 254
  /// The longest local part (RFC 5321, section 4.5.3.1.1).
  public static let maximumLocalBytes = 64

  /// What stands before the `@`.
  public let localPart: String
  /// What stands behind it, in lower-case letters and A-labels.
  public let domain: String
  /// The domain as it was given.
  public let givenDomain: String

  /// Reads an address without name and angle brackets.
  ///
  /// - Throws: `invalidAddress`, which never has any of the text.
  public init(_ text: String) throws(SMTPError) {
    // By scalars: a combining mark behind the `@` would hide it from a search by characters.
    let scalars = text.unicodeScalars
    guard let at = scalars.lastIndex(of: "@") else { throw Self.invalid("has no '@'") }
    localPart = String(scalars[..<at])
    givenDomain = String(scalars[scalars.index(after: at)...])
    try Self.checkLocalPart(localPart)
    do {
      domain = try HostName.ascii(givenDomain)
    } catch {
      throw Self.invalid("has a domain that cannot be: \(error.message)")
    }
    guard self.text.utf8.count <= Self.maximumBytes else {
      throw Self.invalid("has \(self.text.utf8.count) bytes; allowed are \(Self.maximumBytes)")
    }
  }

  /// `local@domain`, the domain in A-labels.
  public var text: String { localPart + "@" + domain }

  /// Whether a server must offer SMTPUTF8 (RFC 6531) to take it.
  public var needsUTF8: Bool { !HostName.isASCII(localPart) }

  /// Says nothing.
  public var description: String { "<address>" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  private static func checkLocalPart(_ text: String) throws(SMTPError) {
    guard (1...maximumLocalBytes).contains(text.utf8.count) else {
      throw invalid("has \(text.utf8.count) bytes before the '@'; allowed are 1 to \(maximumLocalBytes)")
    }
    let atoms = text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
    guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtomText) }) else {
      throw invalid(
        "has something before the '@' that is neither letter, digit, one of !#$%&'*+-/=?^_`{|}~ nor a dot within")
    }
  }

  /// `atext` of RFC 5322, section 3.2.3, with RFC 6531's extension.
  private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": return true
    case "\u{80}"...:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate,
        .unassigned:
        return false
      default: return true
      }
    default: return "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
    }
  }

  private static func invalid(_ what: String) -> SMTPError { SMTPError(.invalidAddress, "the address \(what)") }
}
