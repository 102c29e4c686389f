import SwiftASN1
import X509

/// A PKCS #10 request (RFC 2986), of which the key counts and nothing else: whom the certificate is for is not the
/// asker's to say.
public struct SigningRequest: Sendable {
  /// Longest request, in bytes; one with an RSA key of 16,384 bits has under 6 KiB.
  public static let maximumBytes = 16 * 1_024

  let key: Certificate.PublicKey

  /// Reads a request in PEM.
  /// - Throws: `.malformed` when it is none or its key is of a kind or a size that is not taken, `.refused` when it is not
  ///   signed with its own key: who asks must hold it.
  public init(pem: String) throws(CertificatesError) {
    guard pem.utf8.count <= Self.maximumBytes else {
      throw CertificatesError(.malformed, "must have at most \(Self.maximumBytes) bytes")
    }
    let request: CertificateSigningRequest
    do {
      request = try CertificateSigningRequest(pemEncoded: pem)
    } catch {
      throw CertificatesError(
        .malformed,
        "must be a PKCS #10 request in PEM, with a key of ECDSA (P-256, P-384, P-521), Ed25519 or RSA (2,048 bits or more)"
      )
    }
    guard request.publicKey.isValidSignature(request.signature, for: request) else {
      throw CertificatesError(.refused, "must be signed with the key that it is for")
    }
    key = request.publicKey
  }
}
