import CCurl

/// Rules for the names of hosts.
public enum HostName {
  /// The longest name, in A-labels (RFC 5321, section 4.5.3.1.2).
  public static let maximumBytes = 255
  /// The longest label (RFC 1035, section 2.3.4).
  public static let maximumLabelBytes = 63

  /// A name in lower-case letters and A-labels, such as `xn--bcher-kva.example`.
  ///
  /// - Throws: `invalidHost` for one that is no name, or that IDNA has no form for.
  public static func ascii(_ name: String) throws(SMTPError) -> String {
    guard !name.isEmpty, name.utf8.count <= maximumBytes * 4 else { throw invalid }
    guard name.utf8.allSatisfy({ $0 >= 0x80 || isNameByte($0) }) else { throw invalid }
    let converted = isASCII(name) ? name : try aLabels(name)
    let labels = converted.split(separator: ".", omittingEmptySubsequences: false)
    guard converted.utf8.count <= maximumBytes, labels.allSatisfy(isLabel), let last = labels.last,
      !last.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw invalid }
    return converted.lowercased()
  }

  /// Whether every byte is ASCII.
  static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  private static let invalid = SMTPError(
    .invalidHost, "a host's name has labels of 1 to 63 letters, digits and hyphens, with dots between them")

  private static func aLabels(_ name: String) throws(SMTPError) -> String {
    var buffer = [CChar](repeating: 0, count: maximumBytes + 1)
    guard ccurl_ascii_host(name, &buffer, buffer.count) else {
      throw SMTPError(.invalidHost, "the host's name has no form in ASCII (IDNA, RFC 5891)")
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...maximumLabelBytes).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
      && label.utf8.last != UInt8(ascii: "-") && label.utf8.allSatisfy { isNameByte($0) && $0 != UInt8(ascii: ".") }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
