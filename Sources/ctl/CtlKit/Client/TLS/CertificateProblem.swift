import FoundationEssentials
import SwiftASN1
import X509

/// What is wrong with a server's certificate, for people. It decides nothing: the TLS library has refused it already, and
/// says less about why.
enum CertificateProblem: Equatable {
  case unknownAuthority(issuer: String)
  /// Milliseconds since 1970.
  case expired(at: Int64)
  case notYetValid(from: Int64)
  /// The names that it has.
  case wrongName(has: [String])

  /// - Parameters:
  ///   - chain: what the server showed, its own certificate first.
  ///   - name: the host's name or number.
  ///   - now: milliseconds since 1970.
  /// - Returns: nil when nothing of it stands out.
  static func find(
    _ chain: [Certificate], authorities: [Certificate], name: String, now: Int64
  ) -> CertificateProblem? {
    guard let leaf = chain.first else { return nil }
    guard chain.contains(where: { isSigned($0, by: authorities) }) else {
      return .unknownAuthority(issuer: "\(leaf.issuer)")
    }
    let (from, until) = (milliseconds(leaf.notValidBefore), milliseconds(leaf.notValidAfter))
    if now > until { return .expired(at: until) }
    if now < from { return .notYetValid(from: from) }
    let names = names(leaf)
    return names.contains { matches(name, $0) } ? nil : .wrongName(has: names)
  }

  private static func isSigned(_ certificate: Certificate, by authorities: [Certificate]) -> Bool {
    authorities.contains { authority in
      authority == certificate
        || authority.subject == certificate.issuer
          && authority.publicKey.isValidSignature(certificate.signature, for: certificate)
    }
  }

  /// The DNS names and IP addresses of a certificate.
  static func names(_ certificate: Certificate) -> [String] {
    // A certificate whose names cannot be read has none.
    guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
    return names.compactMap { name in
      switch name {
      case .dnsName(let name): name
      case .ipAddress(let bytes): address(Array(bytes.bytes))
      default: nil
      }
    }
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 4: bytes.map(String.init).joined(separator: ".")
    case 16:
      stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        .joined(separator: ":")
    default: nil
    }
  }

  /// A name, or a `*.` that stands for one label (RFC 6125, section 6.4.3).
  private static func matches(_ name: String, _ pattern: String) -> Bool {
    if name.lowercased() == pattern.lowercased() { return true }
    guard pattern.hasPrefix("*."), let dot = name.firstIndex(of: ".") else { return false }
    return name[dot...].lowercased() == pattern.dropFirst().lowercased()
  }

  static func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970 * 1_000) }
}
