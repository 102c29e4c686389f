public import EventModel
import FoundationEssentials
import SwiftASN1
import X509

/// A private authority: a key that signs, and the certificate that others trust.
public struct Authority: Sendable {
  /// How long a new authority's certificate holds: ten years.
  public static let lifetime = TimeSpan.seconds(3_652 * 86_400)
  /// The bounds of what it issues.
  public static let lifetimes = TimeSpan.minutes(1)...TimeSpan.seconds(366 * 86_400)
  /// So much earlier than now a certificate begins, for clocks that are behind.
  static let backdating = TimeSpan.minutes(5)

  private let key: PrivateKey
  private let certificate: Certificate

  /// Takes the key, and of these certificates the one that is the key's.
  /// - Throws: `.mismatch` when none is, `.refused` when it may not sign others.
  public init(key: PrivateKey, certificates: CertificateChain) throws(CertificatesError) {
    guard let own = certificates.all.first(where: { $0.publicKey == key.key.publicKey }) else {
      throw CertificatesError(.mismatch, "the authority's key fits none of the authority's certificates")
    }
    guard own.isAuthority else { throw CertificatesError(.refused, "the certificate is no authority's") }
    self.key = key
    certificate = own
  }

  /// Makes one that signs itself (RFC 5280, section 4.2.1.9: it may sign no further authority).
  /// - Parameter name: for people, in its subject.
  public init(named name: String, key: PrivateKey, now: Timestamp) throws(CertificatesError) {
    self.key = key
    let subject = try Self.subject(name)
    certificate = try Self.sign(
      key.key.publicKey, subject: subject, issuer: subject, from: now - Self.backdating, until: now + Self.lifetime, key
    ) {
      Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
      Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      SubjectKeyIdentifier(hash: key.key.publicKey)
    }
  }

  /// Its certificate in PEM.
  public func pem() throws(CertificatesError) -> String { try Issued.pem(certificate) }

  /// Until when its certificate is valid.
  public var expires: Timestamp { Timestamp(certificate.notValidAfter) }

  /// Whether it signed the first of these.
  public func issued(_ chain: CertificateChain) -> Bool {
    chain.first.issuer == certificate.subject
      && certificate.publicKey.isValidSignature(chain.first.signature, for: chain.first)
  }

  /// What a certificate is good for.
  public enum Purpose: Sendable {
    /// To be known by who connects: a server.
    case server
    /// To be known by whom it connects to: a client.
    case client
  }

  /// Certifies a key; serial number at random (RFC 5280, section 4.1.2.2).
  /// - Parameters:
  ///   - names: whom it is for; the first one is the subject's common name too, for people.
  ///   - lifetime: within ``lifetimes``; cut where the authority's own certificate ends.
  public func issue(
    to key: PrivateKey, names: [SubjectName], purpose: Purpose, lifetime: TimeSpan, now: Timestamp
  ) throws(CertificatesError) -> Issued {
    try issue(to: key.key.publicKey, names: names, purpose: purpose, lifetime: lifetime, now: now)
  }

  /// The same for the key of a request.
  public func issue(
    to request: SigningRequest, names: [SubjectName], purpose: Purpose, lifetime: TimeSpan, now: Timestamp
  ) throws(CertificatesError) -> Issued {
    try issue(to: request.key, names: names, purpose: purpose, lifetime: lifetime, now: now)
  }

  /// The same for the key that a certificate has.
  public func renew(
    _ chain: CertificateChain, names: [SubjectName], purpose: Purpose, lifetime: TimeSpan, now: Timestamp
  ) throws(CertificatesError) -> Issued {
    try issue(to: chain.first.publicKey, names: names, purpose: purpose, lifetime: lifetime, now: now)
  }

  private func issue(
    to publicKey: Certificate.PublicKey, names: [SubjectName], purpose: Purpose, lifetime: TimeSpan, now: Timestamp
  ) throws(CertificatesError) -> Issued {
    guard let first = names.first else { throw CertificatesError(.refused, "a certificate must be for somebody") }
    guard Self.lifetimes.contains(lifetime) else {
      throw CertificatesError(.refused, "a certificate's lifetime must be 1 minute to 366 days")
    }
    guard now < expires else { throw CertificatesError(.refused, "the authority's certificate has run out") }
    let usage: ExtendedKeyUsage.Usage = purpose == .server ? .serverAuth : .clientAuth
    let issuer = certificate
    let leaf = try Self.sign(
      publicKey, subject: try Self.subject(first.plain), issuer: issuer.subject, from: now - Self.backdating,
      until: min(now + lifetime, expires), key
    ) {
      Critical(BasicConstraints.notCertificateAuthority)
      Critical(KeyUsage(digitalSignature: true))
      try ExtendedKeyUsage([usage])
      SubjectAlternativeNames(names.map(\.general))
      SubjectKeyIdentifier(hash: publicKey)
      AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: issuer.publicKey).keyIdentifier)
    }
    return try Issued(leaf, by: issuer)
  }

  private static func sign(
    _ publicKey: Certificate.PublicKey, subject: DistinguishedName, issuer: DistinguishedName, from: Timestamp,
    until: Timestamp, _ key: PrivateKey,
    @ExtensionsBuilder extensions: () throws -> Result<Certificate.Extensions, any Error>
  ) throws(CertificatesError) -> Certificate {
    do {
      return try Certificate(
        version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey, notValidBefore: Date(from),
        notValidAfter: Date(until), issuer: issuer, subject: subject, extensions: try extensions().get(),
        issuerPrivateKey: key.key)
    } catch {
      throw CertificatesError(.failed, "a certificate cannot be signed: \(error)")
    }
  }

  /// A common name has at most 64 characters (RFC 5280, appendix A.1, ub-common-name).
  private static func subject(_ name: String) throws(CertificatesError) -> DistinguishedName {
    do {
      return try DistinguishedName { CommonName(String(name.suffix(64))) }
    } catch {
      throw CertificatesError(.refused, "the name \(name) cannot stand in a certificate")
    }
  }
}

/// A certificate that was just issued.
public struct Issued: Hashable, Sendable {
  /// In PEM. Nothing follows it: the authority signs without others between.
  public var pem: String
  /// The authority's, in PEM.
  public var authorityPEM: String
  /// Until when it is valid.
  public var expires: Timestamp
  /// SHA-256 of its DER form, hexadecimal.
  public var sha256: String

  init(_ certificate: Certificate, by authority: Certificate) throws(CertificatesError) {
    pem = try Self.pem(certificate)
    authorityPEM = try Self.pem(authority)
    expires = Timestamp(certificate.notValidAfter)
    sha256 = try CertificateChain(certificate).sha256()
  }

  static func pem(_ certificate: Certificate) throws(CertificatesError) -> String {
    do {
      return try certificate.serializeAsPEM().pemString + "\n"
    } catch {
      throw CertificatesError(.failed, "the certificate has no PEM form: \(error)")
    }
  }
}
