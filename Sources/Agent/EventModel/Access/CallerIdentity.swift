/// The rules for identities of client certificates: `spiffe://…` or `dns:…`, exactly as the one subject alternative name
/// has it.
public enum CallerIdentity {
  /// Longest SPIFFE ID, in bytes (SPIFFE-ID, section 2.3).
  public static let maximumSPIFFEBytes = 2_048
  /// Longest DNS name, in bytes (RFC 1035, section 2.3.4, as text).
  public static let maximumDNSBytes = 253

  private static let spiffe = "spiffe://"
  private static let dns = "dns:"

  /// Checks an identity.
  /// - Throws: `ModelError` that names `field`.
  public static func check(_ identity: String, field: String) throws(ModelError) {
    if identity.hasPrefix(spiffe) {
      guard isSPIFFE(identity) else {
        throw ModelError(
          field: field,
          "must be spiffe://, a trust domain of a-z 0-9 . - _ and a path of A-Z a-z 0-9 . - _, at most "
            + "\(maximumSPIFFEBytes) bytes")
      }
    } else if identity.hasPrefix(dns) {
      guard isDNS(identity.dropFirst(dns.count)) else {
        throw ModelError(
          field: field, "must be dns: and a host name of labels of A-Z a-z 0-9 - _, at most \(maximumDNSBytes) bytes")
      }
    } else {
      throw ModelError(field: field, "must begin with spiffe:// or dns:")
    }
  }

  /// A trust domain of 1 to 255 bytes, and segments of a path of which none is empty, `.` or `..`.
  private static func isSPIFFE(_ identity: String) -> Bool {
    guard identity.utf8.count <= maximumSPIFFEBytes else { return false }
    let parts = identity.dropFirst(spiffe.count).split(separator: "/", omittingEmptySubsequences: false)
    guard let domain = parts.first, (1...255).contains(domain.utf8.count),
      domain.utf8.allSatisfy({ isAlphanumeric($0) && !isUppercase($0) || mark($0) })
    else { return false }
    return parts.dropFirst().allSatisfy { segment in
      !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { isAlphanumeric($0) || mark($0) }
    }
  }

  private static func isDNS(_ name: Substring) -> Bool {
    guard (1...maximumDNSBytes).contains(name.utf8.count) else { return false }
    return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
        && label.utf8.last != UInt8(ascii: "-")
        && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
  }

  private static func mark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func isUppercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isUppercase(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
