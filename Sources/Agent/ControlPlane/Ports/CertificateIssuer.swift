public import EventModel

/// Makes certificates with the key of a private authority. An agent without that key has none.
public protocol CertificateIssuer: Sendable {
  /// Signs a certificate for one identity.
  /// - Throws: `ModelError` that names the field at fault (`signing_request`, `identity`, `lifetime`);
  ///   `CertificateIssuerError` when the authority cannot sign now.
  func issue(_ order: CertificateOrder) async throws -> IssuedCertificate
}

/// What a certificate is wanted for.
public struct CertificateOrder: Hashable, Sendable {
  /// PKCS #10 in PEM, as the caller sent it, at most ``maximumRequestBytes``. Only its key counts, and that its
  /// signature fits: names and extensions in it are the caller's word.
  public var signingRequest: String
  /// `spiffe://…` or `dns:…`; becomes the one subject alternative name. Checked by who orders.
  public var identity: String
  /// At most ``maximumLifetime``; the certificate ends with its authority at the latest.
  public var lifetime: TimeSpan
  /// The agent's clock.
  public var now: Timestamp

  /// Longest signing request, in bytes: one with an RSA key of 8,192 bits has a third of it.
  public static let maximumRequestBytes = 16_384
  /// Longest lifetime.
  public static let maximumLifetime = TimeSpan.hours(366 * 24)
  /// The lifetime when nothing is said.
  public static let standardLifetime = TimeSpan.hours(90 * 24)

  /// Makes it.
  public init(signingRequest: String, identity: String, lifetime: TimeSpan, now: Timestamp) {
    self.signingRequest = signingRequest
    self.identity = identity
    self.lifetime = lifetime
    self.now = now
  }
}

/// A certificate that an authority made.
public struct IssuedCertificate: Hashable, Sendable {
  /// PEM, followed by what leads to the authority.
  public var certificate: String
  /// PEM.
  public var authority: String
  /// From then on it is refused.
  public var expiresAt: Timestamp
  /// SHA-256 of its DER form, in lower-case hexadecimal.
  public var sha256: String

  /// Makes it.
  public init(certificate: String, authority: String, expiresAt: Timestamp, sha256: String) {
    self.certificate = certificate
    self.authority = authority
    self.expiresAt = expiresAt
    self.sha256 = sha256
  }
}

/// Why an authority signs nothing now: its key is gone, or does not fit, or its certificate has run out.
public struct CertificateIssuerError: Error, Sendable, CustomStringConvertible {
  /// A sentence for the caller; without secrets and paths.
  public var message: String

  /// Makes it.
  public init(_ message: String) {
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
